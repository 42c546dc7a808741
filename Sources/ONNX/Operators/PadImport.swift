/// Pad around the rows and columns, taken over by the window behind it.
///
/// Attributes before opset 11, then inputs.
struct PadImport: OperatorImport {
    let operations = ["Pad"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let mode = try node.attributes.string("mode", default: "constant")
        guard mode == "constant" else {
            throw node.label.unsupported("mode '\(mode)'", supported: "constant")
        }
        let pads = try pads(&node, rank: maps.axes.count)
        let value = try value(&node)
        var padding = PendingPadding(value: value)
        for (index, axis) in maps.axes.enumerated() {
            let (before, after) = (pads[index], pads[index + maps.axes.count])
            guard before >= 0, after >= 0, before <= 1 << 16, after <= 1 << 16 else {
                throw node.label.unsupported("pads \(pads)", supported: "numbers from 0 to 65536")
            }
            switch axis {
            case 2: (padding.top, padding.bottom) = (before, after)
            case 3: (padding.left, padding.right) = (before, after)
            default:
                guard before == 0, after == 0 else {
                    throw node.label.unsupported("pads \(pads)", supported: "padding of rows and columns")
                }
            }
        }
        var result = node.emitIdentity(maps)
        if padding != PendingPadding(value: value) { result.padding = padding }
        return .maps(result)
    }

    /// How much stands before each axis, then behind each.
    private func pads(_ node: inout NodeImport, rank: Int) throws(ONNXError) -> [Int] {
        let stated =
            node.operatorSet < 11 ? try node.attributes.integers("pads") : try node.optionalIntegers(1)
        var axes = Array(0..<rank)
        if node.operatorSet >= 18, let some = try node.optionalIntegers(3) {
            axes = some.map { $0 < 0 ? $0 &+ rank : $0 }
        }
        guard let stated, stated.count == 2 * axes.count, Set(axes).count == axes.count,
            axes.allSatisfy({ (0..<rank).contains($0) })
        else {
            throw node.label.invalid("pads \((stated ?? []).prefix(16))", expected: "two numbers for each axis")
        }
        var result = [Int](repeating: 0, count: 2 * rank)
        for (index, axis) in axes.enumerated() {
            result[axis] = stated[index]
            result[axis + rank] = stated[index + axes.count]
        }
        return result
    }

    private func value(_ node: inout NodeImport) throws(ONNXError) -> Float {
        if node.operatorSet < 11 { return try node.attributes.float("value", default: 0) }
        guard let constant = try node.optionalConstant(2) else { return 0 }
        guard constant.count == 1, !constant.floats[0].isNaN else {
            throw node.label.invalid("a value of shape \(constant.dimensions)", expected: "one number")
        }
        return constant.floats[0]
    }
}
