import Concurrency
import Imaging
import Kernels
import Networks
import Tensors

/// What one projection starts from: a unit, or a whole feature map.
struct ProjectionSource: Hashable, Sendable {
    let featureMap: Int
    /// The unit; nil for the whole map.
    let unit: UnitPosition?
    let activation: Float

    /// The source meant by a selection in the activation of one image.
    init(featureMap: Int, selection: UnitSelection, activation: BlockedMaps) {
        self.featureMap = featureMap
        switch selection {
        case .strongest:
            let strongest = activation.maximum(image: 0, channel: featureMap)
            unit = UnitPosition(y: strongest.y, x: strongest.x)
            self.activation = strongest.value
        case .position(let position):
            unit = position
            self.activation = activation.value(image: 0, channel: featureMap, y: position.y, x: position.x)
        case .map:
            unit = nil
            self.activation = activation.maximum(image: 0, channel: featureMap).value
        }
    }

    /// What of the input it can see.
    func receptiveField(in layer: Layer) -> PixelRectangle {
        let rectangle = unit.map { layer.receptiveField.rectangle(y: $0.y, x: $0.x) } ?? layer.receptiveField.whole
        return PixelRectangle(y0: rectangle.top, x0: rectangle.left, y1: rectangle.bottom, x1: rectangle.right)
    }
}

/// Projects sources of one layer.
struct Projector: Sendable {
    let layer: Layer
    let options: DeconvNetOptions

    /// Throws where a DeconvNet is not defined for the network below the layer.
    func check(in network: Network) throws(NetworksError) {
        try BackwardPass.check(from: layer, in: network, rules: DeconvNetRules(options: options))
    }

    /// The projections of the sources, in their order, given the trace of one image.
    func project(
        _ sources: [ProjectionSource], trace: ForwardTrace, _ context: KernelContext
    ) throws -> [Projection] {
        let rules = DeconvNetRules(options: options)
        let units = sources.compactMap { source in
            source.unit.map { UnitSeed(featureMap: source.featureMap, y: $0.y, x: $0.x, value: value(of: source)) }
        }
        let signals: [ProjectedSignal]
        if units.count == sources.count {
            signals = try BackwardPass.project(from: layer, units: units, trace: trace, rules: rules, context: context)
        } else {
            let all = try BackwardPass.project(
                from: layer, seed: seed(sources, activation: trace.activation(layer)), trace: trace, rules: rules,
                context: context)
            signals = sources.indices.map { ProjectedSignal(values: all.slice($0)) }
        }
        let scales = Guarded([Float?](repeating: nil, count: sources.count))
        context.team.forEach(sources.count) { index in
            let scale = Projection.scale(of: signals[index].values, in: signals[index].rectangle)
            scales.withLock { $0[index] = scale }
        }
        return try zip(sources, zip(signals, scales.withLock { $0 })).map { source, made in
            try projection(of: source, values: made.0.values, scale: made.1)
        }
    }

    private func value(of source: ProjectionSource) -> Float { options.seed == .activation ? source.activation : 1 }

    /// The signal to start from, an image a source: zero but for the source's feature map.
    private func seed(_ sources: [ProjectionSource], activation: BlockedMaps) -> BlockedMaps {
        BlockedMaps.stacked(sources.map { wholeMap($0.featureMap, of: activation) })
    }

    private func wholeMap(_ featureMap: Int, of activation: BlockedMaps) -> BlockedMaps {
        if options.seed == .activation { return activation.keeping(image: 0, channels: [featureMap]) }
        let area = activation.height * activation.width
        let before = [Float](repeating: 0, count: featureMap * area)
        let behind = [Float](repeating: 0, count: (activation.channels - featureMap - 1) * area)
        let values = before + [Float](repeating: 1, count: area) + behind
        return BlockedMaps(
            Tensor(shape: [1, activation.channels, activation.height, activation.width], values: values))
    }

    private func projection(of source: ProjectionSource, values: Tensor, scale: Float?) throws -> Projection {
        guard let scale else {
            throw ExplainersError.notFinite("the projection of feature map \(source.featureMap) of '\(layer.name)'")
        }
        return described(source, values: values, scale: scale)
    }

    /// A projection with what is known of its source.
    func described(_ source: ProjectionSource, values: Tensor, scale: Float) -> Projection {
        Projection(
            featureMap: source.featureMap, unit: layer.hasPositions ? source.unit : nil,
            activation: source.activation, receptiveField: source.receptiveField(in: layer),
            scale: scale, values: values)
    }
}
