internal import Kernels
internal import Tensors

/// A convolution's or pooling's window as the file states it.
///
/// Its padding may depend on the size of the input, so it becomes a `WindowGeometry` only when shapes are inferred.
public struct Window: Hashable, Sendable {
    /// What lies around the input.
    public enum Padding: Hashable, Sendable {
        /// So many rows and columns on each side.
        case explicit(top: Int, left: Int, bottom: Int, right: Int)
        /// As many as make the output ⌈input / stride⌉, the odd one behind.
        case sameUpper
        /// As many as make the output ⌈input / stride⌉, the odd one in front.
        case sameLower
        /// None.
        case valid
    }

    /// Rows of the window.
    public var kernelHeight: Int
    /// Columns of the window.
    public var kernelWidth: Int
    /// Rows from one window to the next.
    public var strideY: Int
    /// Columns from one window to the next.
    public var strideX: Int
    /// Rows from one of its taps to the next.
    public var dilationY: Int
    /// Columns from one of its taps to the next.
    public var dilationX: Int
    /// What lies around the input.
    public var padding: Padding
    /// Whether a last window that reaches over the border counts.
    public var ceilMode: Bool

    /// A window of these measures.
    public init(
        kernelHeight: Int, kernelWidth: Int, strideY: Int = 1, strideX: Int = 1, dilationY: Int = 1, dilationX: Int = 1,
        padding: Padding = .valid, ceilMode: Bool = false
    ) {
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.strideY = strideY
        self.strideX = strideX
        self.dilationY = dilationY
        self.dilationX = dilationX
        self.padding = padding
        self.ceilMode = ceilMode
    }

    /// A square window with the same padding on all sides.
    public init(kernel: Int, stride: Int = 1, pad: Int = 0, dilation: Int = 1, ceilMode: Bool = false) {
        self.init(
            kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride, dilationY: dilation,
            dilationX: dilation, padding: .explicit(top: pad, left: pad, bottom: pad, right: pad), ceilMode: ceilMode)
    }

    /// The largest kernel, stride, dilation or padding that is taken: beyond it a file is broken or hostile.
    static let limit = 1 << 16

    /// The geometry on an input of this shape [C, H, W], and the shape [H, W] of what comes out.
    ///
    /// Throws `invalidParameter` for a measure that makes no sense and `windowDoesNotFit` when nothing comes out.
    func resolved(
        on input: Shape, node: String, operation: String
    ) throws(NetworksError) -> (geometry: WindowGeometry, height: Int, width: Int) {
        try check(node: node, operation: operation)
        let (height, width) = (input[1], input[2])
        var geometry = WindowGeometry(
            kernelHeight: kernelHeight, kernelWidth: kernelWidth, strideY: strideY, strideX: strideX,
            dilationY: dilationY, dilationX: dilationX, ceilMode: ceilMode)
        switch padding {
        case .explicit(let top, let left, let bottom, let right):
            geometry.padTop = top
            geometry.padLeft = left
            geometry.padBottom = bottom
            geometry.padRight = right
        case .sameUpper: geometry = geometry.resolved(.sameUpper, height: height, width: width)
        case .sameLower: geometry = geometry.resolved(.sameLower, height: height, width: width)
        case .valid: break
        }
        guard let size = geometry.outputSize(height: height, width: width), size.height > 0, size.width > 0 else {
            throw .windowDoesNotFit(node: node, operation: operation, input: input, window: words)
        }
        return (geometry, size.height, size.width)
    }

    private func check(node: String, operation: String) throws(NetworksError) {
        let measures = [
            ("kernel height", kernelHeight, 1), ("kernel width", kernelWidth, 1), ("stride", strideY, 1),
            ("stride", strideX, 1), ("dilation", dilationY, 1), ("dilation", dilationX, 1),
        ]
        var pads: [(String, Int, Int)] = []
        if case .explicit(let top, let left, let bottom, let right) = padding {
            pads = [("padding", top, 0), ("padding", left, 0), ("padding", bottom, 0), ("padding", right, 0)]
        }
        for (name, value, lowest) in measures + pads where value < lowest || value > Window.limit {
            throw .invalidParameter(node: node, operation: operation, parameter: name, value: "\(value)")
        }
    }

    /// The window in words, for errors: `3×3, stride 2`.
    var words: String {
        var text = "\(kernelHeight)×\(kernelWidth)"
        if strideY != 1 || strideX != 1 {
            text += ", stride \(strideY == strideX ? "\(strideY)" : "\(strideY)×\(strideX)")"
        }
        if dilationY != 1 || dilationX != 1 { text += ", dilation \(dilationY)×\(dilationX)" }
        switch padding {
        case .explicit(0, 0, 0, 0), .valid: break
        case .explicit(let top, let left, let bottom, let right):
            text += ", padding \(top), \(left), \(bottom), \(right)"
        case .sameUpper, .sameLower: text += ", padding to the same size"
        }
        return text
    }
}
