import Networks

/// The taps of all windows that lie in the input, in row-major order, from the definition of padding in ONNX.
struct WindowTaps {
    let rows: Int
    let columns: Int
    private let window: Window
    private let height: Int
    private let width: Int
    private let top: Int
    private let left: Int
    private let bottom: Int
    private let right: Int

    init(_ window: Window, height: Int, width: Int) {
        (self.window, self.height, self.width) = (window, height, width)
        let vertical = WindowTaps.pads(window, size: height, vertical: true)
        let horizontal = WindowTaps.pads(window, size: width, vertical: false)
        (top, bottom, left, right) = (vertical.before, vertical.after, horizontal.before, horizontal.after)
        rows = WindowTaps.count(
            height, vertical, (window.kernelHeight - 1) * window.dilationY + 1, window.strideY, window.ceilMode)
        columns = WindowTaps.count(
            width, horizontal, (window.kernelWidth - 1) * window.dilationX + 1, window.strideX, window.ceilMode)
    }

    private static func pads(_ window: Window, size: Int, vertical: Bool) -> (before: Int, after: Int) {
        let (k, s, d) =
            vertical
            ? (window.kernelHeight, window.strideY, window.dilationY)
            : (window.kernelWidth, window.strideX, window.dilationX)
        let total = max(0, ((size + s - 1) / s - 1) * s + (k - 1) * d + 1 - size)
        switch window.padding {
        case .explicit(let top, let left, let bottom, let right): return vertical ? (top, bottom) : (left, right)
        case .valid: return (0, 0)
        case .sameUpper: return (total / 2, total - total / 2)
        case .sameLower: return (total - total / 2, total / 2)
        }
    }

    private static func count(
        _ size: Int, _ pads: (before: Int, after: Int), _ extent: Int, _ stride: Int, _ ceil: Bool
    ) -> Int {
        let span = size + pads.before + pads.after - extent
        let count = (ceil ? (span + stride - 1) / stride : span / stride) + 1
        return ceil && (count - 1) * stride >= size + pads.before ? count - 1 : count
    }

    func forEach(_ body: (_ y: Int, _ x: Int, _ tap: (y: Int, x: Int), _ inputY: Int, _ inputX: Int) -> Void) {
        for y in 0..<rows {
            for x in 0..<columns {
                for ky in 0..<window.kernelHeight {
                    for kx in 0..<window.kernelWidth {
                        let inputY = y * window.strideY - top + ky * window.dilationY
                        let inputX = x * window.strideX - left + kx * window.dilationX
                        guard inputY >= 0, inputY < height, inputX >= 0, inputX < width else { continue }
                        body(y, x, (ky, kx), inputY, inputX)
                    }
                }
            }
        }
    }

    /// How many taps of each window lie in the input or its padding.
    func countsWithPadding() -> [Int] {
        (0..<rows * columns).map { place in
            let (y, x) = (place / columns * window.strideY, place % columns * window.strideX)
            let down = (0..<window.kernelHeight).filter { y + $0 * window.dilationY < top + height + bottom }.count
            let across = (0..<window.kernelWidth).filter { x + $0 * window.dilationX < left + width + right }.count
            return down * across
        }
    }
}
