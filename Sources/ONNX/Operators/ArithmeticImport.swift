import Networks
import Tensors

/// Add, Sub, Mul, Div, Sum: between activations the sum (residual connections), SiLU and HardSwish; with a constant a
/// scale or shift per channel; between constants worked out here.
struct ArithmeticImport: OperatorImport {
    let operations = ["Add", "Div", "Mul", "Sub", "Sum"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        if node.isConstant { return .constant(try folded(node)) }
        if node.inputs.count == 2 {
            let (first, second) = (try isMaps(0, node), try isMaps(1, node))
            if !first || !second { return .maps(try scaledOrShifted(&node, constantIsFirst: !first)) }
        }
        switch node.label.operation {
        case "Add", "Sum": return .maps(try sum(&node))
        case "Mul": return .maps(try gated(&node))
        default:
            throw node.label.unsupported("two activations", supported: "an activation and a constant")
        }
    }

    private func isMaps(_ index: Int, _ node: NodeImport) throws(ONNXError) -> Bool {
        guard node.has(index), let value = node.inputs[index] else {
            throw node.label.invalid("input \(index) is missing", expected: "a value there")
        }
        if case .maps = value { return true }
        return false
    }

    private func sum(_ node: inout NodeImport) throws(ONNXError) -> MapsValue {
        var terms: [MapsValue] = []
        for index in node.inputs.indices { terms.append(try node.maps(index)) }
        let first = terms[0]
        if terms.count == 1 { return node.emitIdentity(first) }
        for other in terms.dropFirst() {
            guard other.sizes == first.sizes, other.axes == first.axes, other.order == first.order else {
                throw node.label.unsupported(
                    "the sum of \(first.fileShape) and \(other.fileShape)", supported: "equal shapes")
            }
        }
        var result = node.emitElementwise(.add, of: terms)
        result.isNonnegative = terms.allSatisfy(\.isNonnegative)
        return result
    }

    /// x · sigmoid(x) and x · hardSigmoid(x).
    private func gated(_ node: inout NodeImport) throws(ONNXError) -> MapsValue {
        let (first, second) = (try node.maps(0), try node.maps(1))
        for (value, gate) in [(first, second.gate), (second, first.gate)] {
            if let gate, gate.input == value.name {
                return node.emitElementwise(.activation(gate.activation), of: [value])
            }
        }
        throw node.label.unsupported(
            "the product of two activations", supported: "x · Sigmoid(x) and x · HardSigmoid(x)")
    }

    private func scaledOrShifted(
        _ node: inout NodeImport, constantIsFirst: Bool
    ) throws(ONNXError) -> MapsValue {
        let maps = try node.maps(constantIsFirst ? 1 : 0)
        let constant = try node.constant(constantIsFirst ? 0 : 1)
        let values = try perChannel(constant, maps, node)
        let scale: [Float]?
        let shift: [Float]?
        switch (node.label.operation, constantIsFirst) {
        case ("Add", _), ("Sum", _): (scale, shift) = (nil, values)
        case ("Mul", _): (scale, shift) = (values, nil)
        case ("Sub", false): (scale, shift) = (nil, values.map { -$0 })
        case ("Sub", true): (scale, shift) = (values.map { _ in -1 }, values)
        case ("Div", false): (scale, shift) = (values.map { 1 / $0 }, nil)
        default: throw node.label.unsupported("a constant divided by an activation", supported: "the reverse")
        }
        let scales = try tensor(scale, "scales", &node)
        let shifts = try tensor(shift, "shifts", &node)
        return node.emitElementwise(.scaleShift(scale: scales, shift: shifts), of: [maps])
    }

    private func tensor(_ values: [Float]?, _ role: String, _ node: inout NodeImport) throws(ONNXError) -> Tensor? {
        guard let values else { return nil }
        return try node.weight(Constant(dimensions: [values.count], elements: .floats(values)), role)
    }

    /// One value, or one a channel, of a constant that is broadcast over the activation.
    private func perChannel(
        _ constant: Constant, _ maps: MapsValue, _ node: NodeImport
    ) throws(ONNXError) -> [Float] {
        if constant.count == 1, constant.dimensions.count <= maps.axes.count { return constant.floats }
        let aligned =
            Array(repeating: 1, count: max(0, maps.axes.count - constant.dimensions.count))
            + constant.dimensions
        let varying = aligned.indices.filter { aligned[$0] != 1 }
        guard aligned.count == maps.axes.count, let axis = varying.first, varying.count == 1, maps.axes[axis] == 1,
            aligned[axis] == maps.sizes[0], maps.order == nil
        else {
            throw node.label.unsupported(
                "a constant of shape \(constant.dimensions) with an activation of shape \(maps.fileShape)",
                supported: "one value, or one a channel")
        }
        return constant.floats
    }
}
