import Kernels
import Networks

/// Clip: its bounds are attributes before opset 11, then inputs.
struct ClipImport: OperatorImport {
    let operations = ["Clip"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let low = try bound(&node, "min", input: 1) ?? -.infinity
        let high = try bound(&node, "max", input: 2) ?? .infinity
        guard low <= high else {
            throw node.label.invalid("bounds \(low) and \(high)", expected: "the lower one first")
        }
        // Exporters write the largest float where they mean no bound.
        let isOpenAbove = high >= .greatestFiniteMagnitude
        if isOpenAbove, low <= -.greatestFiniteMagnitude { return .maps(node.emitIdentity(maps)) }
        let activation: Activation = isOpenAbove && low == 0 ? .relu : .clip(low: low, high: high)
        var result = node.emitElementwise(.activation(activation), of: [maps])
        result.isNonnegative = low >= 0
        return .maps(result)
    }

    private func bound(_ node: inout NodeImport, _ name: String, input: Int) throws(ONNXError) -> Float? {
        if node.operatorSet < 11 { return try node.attributes.optionalFloat(name) }
        guard let constant = try node.optionalConstant(input) else { return nil }
        guard constant.count == 1, !constant.floats[0].isNaN else {
            throw node.label.invalid("\(name) of shape \(constant.dimensions)", expected: "one number")
        }
        return constant.floats[0]
    }
}
