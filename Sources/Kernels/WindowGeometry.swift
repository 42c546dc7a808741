/// Where the windows of a convolution or a pooling lie: kernel size, stride, dilation and padding.
///
/// Forward and adjoint kernels, receptive fields and importers all ask this one type. Window number i starts at
/// i · stride − padding before the axis and covers every dilation-th position of it.
public struct WindowGeometry: Hashable, Sendable {
    /// Rows of the window.
    public var kernelHeight: Int
    /// Columns of the window.
    public var kernelWidth: Int
    /// Rows from one window to the next.
    public var strideY: Int
    /// Columns from one window to the next.
    public var strideX: Int
    /// Rows from one tap of a window to the next.
    public var dilationY: Int
    /// Columns from one tap of a window to the next.
    public var dilationX: Int
    /// Rows of padding above the image.
    public var padTop: Int
    /// Columns of padding before the image.
    public var padLeft: Int
    /// Rows of padding below the image.
    public var padBottom: Int
    /// Columns of padding behind the image.
    public var padRight: Int
    /// Whether the number of windows is rounded up (a last one may then reach past the padding) rather than down.
    public var ceilMode: Bool

    /// A geometry of the given numbers; nothing is checked before ``outputSize(height:width:)`` is asked.
    public init(
        kernelHeight: Int, kernelWidth: Int, strideY: Int = 1, strideX: Int = 1, dilationY: Int = 1,
        dilationX: Int = 1, padTop: Int = 0, padLeft: Int = 0, padBottom: Int = 0, padRight: Int = 0,
        ceilMode: Bool = false
    ) {
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.strideY = strideY
        self.strideX = strideX
        self.dilationY = dilationY
        self.dilationX = dilationX
        self.padTop = padTop
        self.padLeft = padLeft
        self.padBottom = padBottom
        self.padRight = padRight
        self.ceilMode = ceilMode
    }

    /// A square geometry.
    public init(kernel: Int, stride: Int = 1, dilation: Int = 1, pad: Int = 0, ceilMode: Bool = false) {
        self.init(
            kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride, dilationY: dilation,
            dilationX: dilation, padTop: pad, padLeft: pad, padBottom: pad, padRight: pad, ceilMode: ceilMode)
    }

    /// The number of windows along each axis of an image of that size.
    ///
    /// nil where not one window fits, or where the numbers make no sense: a kernel, stride or dilation below 1, or
    /// negative padding. With ``ceilMode`` a window that would start behind the image and the padding before it is left
    /// out, as in Caffe, PyTorch and ONNX.
    public func outputSize(height: Int, width: Int) -> (height: Int, width: Int)? {
        guard let rows = vertical.windows(over: height), let columns = horizontal.windows(over: width) else {
            return nil
        }
        return (rows, columns)
    }

    /// Rows that a window spans, dilation included.
    public var effectiveKernelHeight: Int { vertical.span }
    /// Columns that a window spans, dilation included.
    public var effectiveKernelWidth: Int { horizontal.span }

    /// Whether every window has at least one tap within an image of that size, as pooling needs.
    public func everyWindowMeetsInput(height: Int, width: Int) -> Bool {
        guard let size = outputSize(height: height, width: width) else { return false }
        return (0..<size.height).allSatisfy { !vertical.taps(of: $0, size: height).isEmpty }
            && (0..<size.width).allSatisfy { !horizontal.taps(of: $0, size: width).isEmpty }
    }

    /// ONNX's ways to choose the padding from the size of the image.
    public enum AutoPad: Sendable {
        /// No padding.
        case valid
        /// ⌈size / stride⌉ windows; an odd row or column of padding goes to the end.
        case sameUpper
        /// ⌈size / stride⌉ windows; an odd row or column of padding goes to the beginning.
        case sameLower
    }

    /// The geometry with its padding chosen for an image of that size.
    public func resolved(_ autoPad: AutoPad, height: Int, width: Int) -> WindowGeometry {
        var result = self
        (result.padTop, result.padBottom) = vertical.padding(autoPad, size: height)
        (result.padLeft, result.padRight) = horizontal.padding(autoPad, size: width)
        return result
    }
}

extension WindowGeometry {
    /// The input rows, within the image, that the windows of these output rows span.
    public func inputRows(of outputRows: Range<Int>, height: Int) -> Range<Int> {
        vertical.inputs(of: outputRows, size: height)
    }

    /// The input columns, within the image, that the windows of these output columns span.
    public func inputColumns(of outputColumns: Range<Int>, width: Int) -> Range<Int> {
        horizontal.inputs(of: outputColumns, size: width)
    }

    /// The output rows whose windows span any of these input rows.
    public func outputRows(touching inputRows: Range<Int>, height: Int) -> Range<Int> {
        vertical.outputs(touching: inputRows, size: height)
    }

    /// The output columns whose windows span any of these input columns.
    public func outputColumns(touching inputColumns: Range<Int>, width: Int) -> Range<Int> {
        horizontal.outputs(touching: inputColumns, size: width)
    }

    var vertical: WindowAxis {
        WindowAxis(
            kernel: kernelHeight, stride: strideY, dilation: dilationY, padBefore: padTop, padAfter: padBottom,
            ceilMode: ceilMode)
    }

    var horizontal: WindowAxis {
        WindowAxis(
            kernel: kernelWidth, stride: strideX, dilation: dilationX, padBefore: padLeft, padAfter: padRight,
            ceilMode: ceilMode)
    }

    var hasPadding: Bool { padTop > 0 || padLeft > 0 || padBottom > 0 || padRight > 0 }
}
