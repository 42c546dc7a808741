/// Cast between float types, which are all 32 bits wide here, and of constants.
struct CastImport: OperatorImport {
    let operations = ["Cast"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let number = try node.attributes.integer("to", default: 0)
        node.attributes.ignore("saturate")
        guard let type = Int32(exactly: number).flatMap({ ElementType(rawValue: $0) }) else {
            throw node.label.unsupported("the type \(number)", supported: ElementType.supportedNames)
        }
        if node.isConstant { return .constant(try folded(node.constant(0), to: type, node)) }
        guard type.isFloatingPoint else {
            throw node.label.unsupported(
                "an activation as \(ElementType.name(of: type.rawValue))", supported: "floats")
        }
        return .maps(node.emitIdentity(try node.maps(0)))
    }

    private func folded(_ constant: Constant, to type: ElementType, _ node: NodeImport) throws(ONNXError) -> Constant {
        if type.isFloatingPoint {
            return Constant(dimensions: constant.dimensions, elements: .floats(constant.floats))
        }
        if let integers = constant.integers {
            return Constant(
                dimensions: constant.dimensions,
                elements: .integers(type == .bool ? integers.map { $0 == 0 ? 0 : 1 } : integers))
        }
        var values: [Int64] = []
        for value in constant.floats {
            guard let integer = Int64(exactly: value.rounded(.towardZero)) else {
                throw node.label.invalid("\(value) as an integer", expected: "a number within 64 bits")
            }
            values.append(type == .bool && integer != 0 ? 1 : integer)
        }
        return Constant(dimensions: constant.dimensions, elements: .integers(values))
    }
}
