import Networks
import Tensors

/// Gemm and MatMul with constant weights: a dense layer.
struct DenseImport: OperatorImport {
    let operations = ["Gemm", "MatMul"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let isGemm = node.label.operation == "Gemm"
        guard maps.sizes.count == 1, maps.axes == [0, 1] || (!isGemm && maps.axes == [1]) else {
            throw node.label.unsupported("input of shape \(maps.fileShape)", supported: "flattened features: N, F")
        }
        var weights = try node.constant(1)
        guard weights.dimensions.count == 2 else {
            throw node.label.unsupported("weights of shape \(weights.dimensions)", supported: "a matrix")
        }
        var alpha: Float = 1
        var isTransposed = false
        if isGemm {
            guard try !node.attributes.flag("transA", default: false) else {
                throw node.label.unsupported("transA = 1", supported: "0")
            }
            isTransposed = try node.attributes.flag("transB", default: false)
            alpha = try node.attributes.float("alpha", default: 1)
        }
        if !isTransposed { weights = weights.transposed([1, 0]) }
        let (outputs, inputs) = (weights.dimensions[0], weights.dimensions[1])
        guard inputs == maps.sizes[0], outputs > 0 else {
            throw node.label.invalid(
                "weights for \(inputs) features and \(outputs) outputs", expected: "\(maps.sizes[0]) features")
        }
        try node.count(multiplyAdds: [outputs, inputs])
        let bias = isGemm ? try bias(&node, outputs: outputs) : nil
        let values = scaled(reordered(weights, maps.order), by: alpha)
        let tensor = try node.weight(values, "weights")
        return .maps(
            node.emit(
                .innerProduct(weights: tensor, bias: bias), of: [maps], sizes: [outputs], axes: maps.axes))
    }

    /// Gemm's third input times beta: one value, one an output, or a row of them.
    private func bias(_ node: inout NodeImport, outputs: Int) throws(ONNXError) -> Tensor? {
        let beta = try node.attributes.float("beta", default: 1)
        guard let constant = try node.optionalConstant(2) else { return nil }
        guard constant.count == 1 || (constant.count == outputs && constant.dimensions.last == outputs) else {
            throw node.label.unsupported(
                "a bias of shape \(constant.dimensions)", supported: "[\(outputs)] or one value")
        }
        let values = constant.count == 1 ? [Float](repeating: constant.floats[0], count: outputs) : constant.floats
        return try node.weight(scaled(Constant(dimensions: [outputs], elements: .floats(values)), by: beta), "biases")
    }

    private func scaled(_ constant: Constant, by factor: Float) -> Constant {
        if factor == 1 { return constant }
        return Constant(dimensions: constant.dimensions, elements: .floats(constant.floats.map { $0 * factor }))
    }

    /// The columns of `[O, F]` weights in the network's order of features, where the file flattened another one.
    private func reordered(_ weights: Constant, _ order: FeatureOrder?) -> Constant {
        guard let order else { return weights }
        let positions = order.positions
        let floats = weights.floats
        var values: [Float] = []
        values.reserveCapacity(floats.count)
        for row in 0..<weights.dimensions[0] {
            let start = row * positions.count
            for position in positions { values.append(floats[start + position]) }
        }
        return Constant(dimensions: weights.dimensions, elements: .floats(values))
    }
}
