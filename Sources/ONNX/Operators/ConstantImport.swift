/// Constant, and ConstantOfShape with a shape known at import.
struct ConstantImport: OperatorImport {
    let operations = ["Constant", "ConstantOfShape"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        if node.label.operation == "ConstantOfShape" { return .constant(try filled(&node)) }
        if let tensor = try node.attributes.tensor("value") { return .stored(tensor) }
        if let values = try node.attributes.floats("value_floats") {
            return .constant(Constant(dimensions: [values.count], elements: .floats(values)))
        }
        if let values = try node.attributes.integers("value_ints") {
            return .constant(Constant(integers: values.map { Int64($0) }))
        }
        if let value = try node.attributes.optionalFloat("value_float") {
            return .constant(Constant(dimensions: [], elements: .floats([value])))
        }
        if node.attributes.has("value_int") {
            let value = Int64(try node.attributes.integer("value_int", default: 0))
            return .constant(Constant(dimensions: [], elements: .integers([value])))
        }
        try node.attributes.finish()
        throw node.label.invalid("no value", expected: "a tensor, number or list")
    }

    private func filled(_ node: inout NodeImport) throws(ONNXError) -> Constant {
        let shape = try node.optionalIntegers(0) ?? []
        let largest = 1 << 16
        guard shape.count <= 8, shape.allSatisfy({ $0 >= 0 && $0 <= largest }) else {
            throw node.label.unsupported("the shape \(shape.prefix(9))", supported: "at most 8 small dimensions")
        }
        let count = shape.reduce(1) { min($0 * $1, largest + 1) }
        guard count <= largest else {
            throw .limitExceeded(what: "elements of node '\(node.label.name)'", found: count, allowed: largest)
        }
        guard let tensor = try node.attributes.tensor("value") else {
            return Constant(dimensions: shape, elements: .floats([Float](repeating: 0, count: count)))
        }
        let value = try node.constant(stored: tensor)
        guard value.count == 1 else {
            throw node.label.invalid("a value of shape \(value.dimensions)", expected: "one number")
        }
        if let integer = value.integers?.first {
            return Constant(dimensions: shape, elements: .integers([Int64](repeating: integer, count: count)))
        }
        return Constant(
            dimensions: shape, elements: .floats([Float](repeating: value.floats[0], count: count)))
    }
}
