internal import Kernels
internal import Tensors

/// A backward pass from some units under way, which computes no more than each unit's receptive field.
///
/// A layer whose adjoint is known of whole maps only gets them, with zeros around the rectangles.
struct PartialSignalRun<Rules: SignalRules> {
    private let path: SignalPath<Rules>
    private let context: KernelContext
    private var waiting: WaitingSignals<PartialSignal>

    init(from layer: Layer, seed: PartialSignal, path: SignalPath<Rules>, context: KernelContext) {
        (self.path, self.context) = (path, context)
        waiting = WaitingSignals(seed, at: layer.index, layers: path.trace.network.layers.count)
    }

    /// Takes the signals at a layer's output, if there are any, to what the layer reads.
    mutating func cross(_ index: Int) throws(NetworksError) {
        let context = context
        guard let (signal, isRectified) = waiting.take(index) else { return }
        try context.check()
        let layer = path.trace.network.layers[index]
        let rectified = path.rectifies(layer)
        let made = cross(
            layer, isRectified ? signal : crossActivation(of: layer, signal), rectified: rectified)
        for (source, part) in zip(layer.inputs, made) {
            waiting.deliver(part, to: source, rectified: rectified) { $0.adding($1, context) }
        }
    }

    /// Some of the units, as far as they are.
    func part(_ units: Range<Int>) -> PartialSignalRun {
        var part = self
        part.waiting = waiting.map { $0.part(units) }
        return part
    }

    /// How many units can be taken across a layer at a time, so that what they become there stays in the cache.
    func unitsAtOnce(across index: Int) -> Int {
        guard let signal = waiting.signal(at: index) else { return .max }
        let network = path.trace.network
        let layer = network.layers[index]
        // What is unpooled as it is read takes no room; what has to be unpooled before does so then.
        if layer.kind == .maxPooling && path.rules.overlap == .sum { return .max }
        let own = spreads(layer) || signal.source.pooled == nil ? 0 : bytes(signal.rectangles, layer.featureMaps)
        let most = layer.inputs.reduce(own) { most, source in
            let (channels, height, width) = network.size(of: source)
            let reached = signal.rectangles.map {
                layer.operation.inputs(reachedFrom: $0, height: height, width: width)
            }
            return max(most, bytes(reached, channels))
        }
        return max(1, Self.signalBytes / max(1, most))
    }

    /// Bytes of a crop that holds any of these rectangles.
    private func bytes(_ rectangles: [MapRectangle], _ channels: Int) -> Int {
        let positions = (rectangles.map(\.rows.count).max() ?? 0) * (rectangles.map(\.columns.count).max() ?? 0)
        return positions * channels * MemoryLayout<Float>.size
    }

    /// Bytes of signals that one thread makes at a time: what its second-level cache holds, twice.
    private static var signalBytes: Int { 4 << 20 }

    /// What has arrived at the network's input.
    func projected() -> [ProjectedSignal] {
        let shape = path.trace.network.inputShape
        let arrived = waiting.arrived()
        let crops = arrived.crops(context)
        return arrived.rectangles.enumerated().map { image, rectangle in
            ProjectedSignal(
                values: crops.tensor(image: image, rectangle, height: shape[1], width: shape[2]),
                rectangle: rectangle)
        }
    }

    /// Whether the layer's signal is spread over the network's input, if what comes out is finite.
    private func spreads(_ layer: Layer) -> Bool {
        guard path.isAloneAtInput(layer), let convolution = layer.operation as? ConvolutionLayer else { return false }
        return convolution.spreadsSignals
    }

    private func cross(_ layer: Layer, _ signal: PartialSignal, rectified: Bool) -> [PartialSignal] {
        if spreads(layer), let convolution = layer.operation as? ConvolutionLayer,
            let made = convolution.spread(signal, context)
        {
            return [made]
        }
        if let operation = layer.operation as? any PartialAdjoint {
            let crossing = LayerCrossing(
                switches: path.switches(of: layer, images: signal.rectangles.count), overlap: path.rules.overlap,
                normalization: path.rules.normalization, rectified: rectified)
            if let made = operation.adjoint(signal, crossing, context) { return made }
        }
        return path.cross(layer, whole(signal, at: layer), context).signals.map(PartialSignal.init(whole:))
    }

    private func crossActivation(of layer: Layer, _ signal: PartialSignal) -> PartialSignal {
        if layer.activation == .identity { return signal }
        switch path.rules.rule(at: layer.activation) {
        case .identity: return signal
        case .rectify: return signal.rectified(context)
        default:
            return PartialSignal(whole: path.crossActivation(of: layer, whole(signal, at: layer), context))
        }
    }

    private func whole(_ signal: PartialSignal, at layer: Layer) -> BlockedMaps {
        signal.crops(context).maps(signal.rectangles, height: layer.height, width: layer.width, context)
    }
}
