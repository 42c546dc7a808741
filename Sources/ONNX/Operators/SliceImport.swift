/// Slice of a constant, with steps of either sign.
///
/// Attributes before opset 10, then inputs.
struct SliceImport: OperatorImport {
    let operations = ["Slice"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        var data = try node.constant(0)
        let inAttributes = node.operatorSet < 10
        let starts = inAttributes ? try node.attributes.integers("starts") : try node.optionalIntegers(1)
        let ends = inAttributes ? try node.attributes.integers("ends") : try node.optionalIntegers(2)
        let axes = inAttributes ? try node.attributes.integers("axes") : try node.optionalIntegers(3)
        let steps = inAttributes ? nil : try node.optionalIntegers(4)
        guard let starts, let ends, starts.count == ends.count, starts.count == axes?.count ?? starts.count,
            starts.count == steps?.count ?? starts.count, starts.count <= data.dimensions.count
        else {
            throw node.label.invalid("starts, ends, axes and steps", expected: "lists of one length")
        }
        for (index, (start, end)) in zip(starts, ends).enumerated() {
            let stated = axes?[index] ?? index
            let axis = stated < 0 ? stated &+ data.dimensions.count : stated
            let step = steps?[index] ?? 1
            guard data.dimensions.indices.contains(axis), step != 0 else {
                throw node.label.invalid(
                    "axis \(stated) of \(data.dimensions) in steps of \(step)", expected: "an axis, and steps not 0")
            }
            data = data.taking(Self.positions(start, end, step, size: data.dimensions[axis]), along: axis)
        }
        return .constant(data)
    }

    /// The positions from `start` up to, not including, `end`; negative ones count from the end, those outside are moved
    /// to the border.
    private static func positions(_ start: Int, _ end: Int, _ step: Int, size: Int) -> [Int] {
        func bounded(_ index: Int, _ range: ClosedRange<Int>) -> Int {
            min(max(index < 0 ? max(index, -size - 1) + size : index, range.lowerBound), range.upperBound)
        }
        if size == 0 { return [] }
        let border = step > 0 ? 0...size : -1...(size - 1)
        let (from, to) = (bounded(start, step > 0 ? border : 0...(size - 1)), bounded(end, border))
        return Array(stride(from: from, to: to, by: max(-size, min(size, step))))
    }
}
