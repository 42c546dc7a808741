internal import Kernels
internal import Tensors

/// Infers shapes and makes the layers of a draft.
struct LayerAssembly {
    private let draft: GraphDraft
    private let producers: [String: Int]
    private let names: [String]

    init(_ draft: GraphDraft, names: [String]) {
        self.draft = draft
        self.names = names
        producers = draft.producers()
    }

    /// The layers in order of execution.
    ///
    /// Throws an error that names the node for shapes that do not fit.
    func layers() throws(NetworksError) -> [Layer] {
        let input = draft.input
        let site = LayerSite(node: input.name, operation: "input", inputs: [])
        let inputShape = try site.shape([input.channels, input.height, input.width])
        let inputField = ReceptiveField.input(height: input.height, width: input.width)
        var layers: [Layer] = []
        for (position, one) in draft.layers.enumerated() {
            let sources = one.inputs.map { producers[$0].map(LayerInput.layer) ?? .input }
            let shapes = sources.map { source in
                if case .layer(let index) = source { layers[index].shape } else { inputShape }
            }
            let fields = sources.map { source in
                if case .layer(let index) = source { layers[index].receptiveField } else { inputField }
            }
            let operation = try operation(of: one, reading: shapes)
            let shape = operation.shape
            let field = ReceptiveField.behind(
                fields, reach: operation.reach, height: shape.rank == 3 ? shape[1] : 1,
                width: shape.rank == 3 ? shape[2] : 1)
            layers.append(
                Layer(
                    index: position, name: names[position], nodes: one.nodes, values: one.values, inputs: sources,
                    activation: try activation(of: one), receptiveField: field, operation: operation))
        }
        return layers
    }

    private func operation(
        of layer: LayerDraft, reading shapes: [Shape]
    ) throws(NetworksError) -> any LayerOperation {
        let site = LayerSite(node: layer.title, operation: layer.operation.title, inputs: shapes)
        switch layer.operation {
        case .convolution(let weights, let bias, let groups, let window):
            return try ConvolutionLayer(site, weights: weights, bias: bias, groups: groups, window: window)
        case .innerProduct(let weights, let bias): return try DenseLayer(site, weights: weights, bias: bias)
        case .maxPooling(let window): return try MaxPoolingLayer(site, window: window)
        case .averagePooling(let window, let countsPadding):
            return try AveragePoolingLayer(site, window: window, countsPadding: countsPadding)
        case .globalAveragePooling(let keeps): return try GlobalAveragePoolingLayer(site, keepsDimensions: keeps)
        case .localResponseNormalization(let size, let alpha, let beta, let bias):
            return try LocalResponseNormalizationLayer(site, size: size, alpha: alpha, beta: beta, bias: bias)
        case .batchNormalization, .scaleShift:
            guard let scale = try ChannelScale.of(layer.operation, node: layer.title) else { break }
            return try BatchNormalizationLayer(site, scale: scale)
        case .activation: return ActivationLayer(site)
        case .add: return try AddLayer(site, scale: layer.scaleShift)
        case .concat: return try ConcatLayer(site)
        case .flatten: return try FlattenLayer(site)
        case .identity, .softmax: break
        }
        preconditionFailure("'\(layer.title)' (\(layer.operation.title)) is left after the rewrites")
    }

    private func activation(of layer: LayerDraft) throws(NetworksError) -> Activation {
        var activation = layer.activation
        if case .activation(let own) = layer.operation { activation = own }
        if case .clip(let low, let high) = activation, !(low <= high) {
            throw .invalidParameter(
                node: layer.title, operation: "clip", parameter: "the range", value: "\(low) … \(high)")
        }
        return activation
    }
}
