/// Gather from a list known at import.
struct GatherImport: OperatorImport {
    let operations = ["Gather"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let axis = try node.attributes.integer("axis", default: 0)
        let data = try node.constant(0)
        let indices = try node.constant(1)
        guard let values = data.integers, let positions = indices.integers, data.dimensions.count == 1,
            axis == 0 || axis == -1, positions.count <= 1 << 16
        else {
            throw node.label.unsupported(
                "elements of a constant of shape \(data.dimensions)", supported: "elements of a list of integers")
        }
        var result: [Int64] = []
        for position in positions {
            let index = position < 0 ? position &+ Int64(values.count) : position
            guard index >= 0, index < values.count else {
                throw node.label.invalid("index \(position)", expected: "one below \(values.count)")
            }
            result.append(values[Int(index)])
        }
        return .constant(Constant(dimensions: indices.dimensions, elements: .integers(result)))
    }
}
