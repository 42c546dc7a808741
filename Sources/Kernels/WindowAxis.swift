/// A window geometry along one axis.
struct WindowAxis: Hashable, Sendable {
    var kernel: Int
    var stride: Int
    var dilation: Int
    var padBefore: Int
    var padAfter: Int
    var ceilMode: Bool

    /// Positions from a window's first tap to its last, both included.
    var span: Int { (kernel - 1) * dilation + 1 }

    /// The number of windows; nil where none fits or the numbers make no sense.
    func windows(over size: Int) -> Int? {
        guard kernel >= 1, stride >= 1, dilation >= 1, padBefore >= 0, padAfter >= 0, size >= 1 else { return nil }
        let (reach, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
        guard !overflow, reach < Int.max / 2, padBefore < Int.max / 4, padAfter < Int.max / 4 else { return nil }
        let room = size + padBefore + padAfter - span
        guard room >= 0 else { return nil }
        var count = (ceilMode ? (room + stride - 1) / stride : room / stride) + 1
        if ceilMode && (count - 1) * stride >= size + padBefore { count -= 1 }
        return count
    }

    /// Where a window starts; negative in the padding.
    func start(of window: Int) -> Int { window * stride - padBefore }

    /// The taps of a window that lie within the axis.
    func taps(of window: Int, size: Int) -> Range<Int> {
        let start = start(of: window)
        let first = start >= 0 ? 0 : (-start + dilation - 1) / dilation
        let end = start >= size ? 0 : min(kernel, (size - start + dilation - 1) / dilation)
        return first..<max(first, end)
    }

    func inputs(of outputs: Range<Int>, size: Int) -> Range<Int> {
        guard !outputs.isEmpty else { return 0..<0 }
        let lower = min(max(0, start(of: outputs.lowerBound)), size)
        let upper = min(size, start(of: outputs.upperBound - 1) + span)
        return lower..<max(lower, upper)
    }

    func outputs(touching inputs: Range<Int>, size: Int) -> Range<Int> {
        guard !inputs.isEmpty, let count = windows(over: size) else { return 0..<0 }
        // Window i spans i · stride − padBefore ..< i · stride − padBefore + span.
        let least = inputs.lowerBound + padBefore - span + 1
        let lower = least <= 0 ? 0 : (least + stride - 1) / stride
        let upper = min(count, (inputs.upperBound - 1 + padBefore) / stride + 1)
        return min(lower, count)..<max(min(lower, count), upper)
    }

    func padding(_ autoPad: WindowGeometry.AutoPad, size: Int) -> (Int, Int) {
        if autoPad == .valid { return (0, 0) }
        let windows = (size + stride - 1) / stride
        let total = max(0, (windows - 1) * stride + span - size)
        let small = total / 2
        return autoPad == .sameUpper ? (small, total - small) : (total - small, small)
    }
}
