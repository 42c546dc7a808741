import Networks

/// Conv: two-dimensional, grouped, strided, dilated, padded by itself, by `auto_pad` or by a Pad in front of it.
struct ConvolutionImport: OperatorImport {
    let operations = ["Conv"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.spatialMaps(0, takingPadding: true)
        if let padding = maps.padding, padding.value != 0 {
            throw node.label.unsupported("input padded with \(padding.value)", supported: "padding with 0")
        }
        let weights = try node.constant(1)
        guard weights.dimensions.count == 4 else {
            throw node.label.unsupported("weights of shape \(weights.dimensions)", supported: "two-dimensional ones")
        }
        let groups = try node.attributes.integer("group", default: 1)
        let (outputs, inputs) = (weights.dimensions[0], weights.dimensions[1])
        guard groups >= 1, groups <= maps.sizes[0], inputs * groups == maps.sizes[0], outputs > 0,
            outputs % groups == 0
        else {
            throw node.label.invalid(
                "weights of shape \(weights.dimensions) in \(groups) groups",
                expected: "channels that go with an input of \(maps.sizes[0])")
        }
        let kernel = Array(weights.dimensions[2...])
        guard kernel.allSatisfy({ $0 >= 1 && $0 <= 1 << 16 }) else {
            throw node.label.invalid("a kernel of \(kernel)", expected: "sizes from 1 to 65536")
        }
        let bias = node.has(2) ? try node.vector(2, "biases", count: outputs) : nil
        let window = try WindowAttributes(&node, over: maps, kernel: kernel, isPooling: false)
        try node.count(
            multiplyAdds: [outputs, inputs, kernel[0], kernel[1], window.outputHeight, window.outputWidth])
        let tensor = try node.weight(weights, "weights")
        return .maps(
            node.emit(
                .convolution(weights: tensor, bias: bias, groups: groups, window: window.window), of: [maps],
                sizes: [outputs, window.outputHeight, window.outputWidth]))
    }
}
