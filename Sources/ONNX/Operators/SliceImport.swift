/// Slice of a list known at import.
///
/// Attributes before opset 10, then inputs.
struct SliceImport: OperatorImport {
    let operations = ["Slice"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let data = try node.constant(0)
        let inAttributes = node.operatorSet < 10
        let starts = inAttributes ? try node.attributes.integers("starts") : try node.optionalIntegers(1)
        let ends = inAttributes ? try node.attributes.integers("ends") : try node.optionalIntegers(2)
        let axes = inAttributes ? try node.attributes.integers("axes") : try node.optionalIntegers(3)
        let steps = inAttributes ? nil : try node.optionalIntegers(4)
        guard let values = data.integers, data.dimensions.count == 1, let start = starts?.first, let end = ends?.first,
            starts?.count == 1, ends?.count == 1, axes == nil || axes == [0] || axes == [-1],
            steps == nil || steps == [1]
        else {
            throw node.label.unsupported(
                "part of a constant of shape \(data.dimensions)", supported: "a run of a list of integers")
        }
        func bounded(_ index: Int) -> Int {
            index < 0 ? max(index, -values.count) + values.count : min(index, values.count)
        }
        let (from, to) = (bounded(start), bounded(end))
        return .constant(Constant(integers: from < to ? Array(values[from..<to]) : []))
    }
}
