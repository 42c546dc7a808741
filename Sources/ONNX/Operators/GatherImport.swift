/// Gather of slices of a constant.
struct GatherImport: OperatorImport {
    let operations = ["Gather"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let stated = try node.attributes.integer("axis", default: 0)
        let data = try node.constant(0)
        let indices = try node.constant(1)
        let axis = stated < 0 ? stated &+ data.dimensions.count : stated
        guard let positions = indices.integers, data.dimensions.indices.contains(axis) else {
            throw node.label.invalid("axis \(stated) of \(data.dimensions)", expected: "an axis, and whole indices")
        }
        let size = data.dimensions[axis]
        guard indices.dimensions.count <= 1, positions.count <= 1 << 12, data.count <= 1 << 12 else {
            throw node.label.unsupported(
                "\(indices.dimensions) elements of a constant of shape \(data.dimensions)", supported: "short lists")
        }
        var taken: [Int] = []
        for position in positions {
            let index = position < 0 ? position &+ Int64(size) : position
            guard index >= 0, index < size else {
                throw node.label.invalid("index \(position)", expected: "one below \(size)")
            }
            taken.append(Int(index))
        }
        let result = data.taking(taken, along: axis)
        // A single index takes its axis away.
        return .constant(
            indices.dimensions.isEmpty
                ? result.reshaped(to: Array(data.dimensions[..<axis] + data.dimensions[(axis + 1)...])) : result)
    }
}
