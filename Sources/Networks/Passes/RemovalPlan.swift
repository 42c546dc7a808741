internal import Kernels

/// How far the removal of a layer's feature maps can be followed as a change of a few blocks of channels: through layers
/// that treat each map by itself, up to the convolutions and dense layers behind them; and how the layers left are computed.
struct RemovalPlan {
    /// How a layer is followed.
    enum Step {
        /// Each of its maps comes from one of its input.
        case channelwise(Layer, input: Int)
        /// Its blocks are those of its input, which begin at this one.
        case joined(Layer, input: Int, firstBlock: Int)
        /// Its values are those of its input in another order.
        case flattened(Layer, input: Int)
        /// It sums over the input's blocks.
        case summed(Layer, input: Int)
        /// It sums over the input's blocks at each position by itself, and of its maps only the means are read.
        case averaged(Layer, ConvolutionLayer, pooling: Layer, input: Int)
    }

    /// The layers that are followed, in order.
    private(set) var steps: [Step] = []
    /// The layers that are followed and given in blocks but read whole: by a layer left, or as the logits.
    private(set) var readWhole: [Int] = []
    /// The layers left that are computed a few images at a time, in order: those before the first dense one.
    private(set) var between: [Int] = []
    /// The layers of these that layers behind read, or that give the logits.
    private(set) var handedOver: [Int] = []
    /// The layers left that are computed for many images at a time, as their weights are large.
    private(set) var tail: [Int] = []

    /// A plan for removals from the layer.
    init(_ network: Network, removingFrom layer: Layer) {
        let changes = network.plan.descendants(of: layer.index)
        var inBlocks: Set<Int> = [layer.index]
        var left: [Int] = []
        var averaged: Set<Int> = []
        for next in network.layers where changes[next.index] && !averaged.contains(next.index) {
            let changed = next.inputs.indices.filter { place in
                if case .layer(let index) = next.inputs[place] { changes[index] || index == layer.index } else { false }
            }
            guard changed.count == 1, let place = changed.first, case .layer(let input) = next.inputs[place],
                inBlocks.contains(input), let step = Self.step(next, input: input, place: place)
            else {
                left.append(next.index)
                continue
            }
            if case .summed = step {
                let means = Self.means(of: next, input: input, in: network)
                if case .averaged(_, _, let pooling, _) = means { averaged.insert(pooling.index) }
                steps.append(means ?? step)
                continue
            }
            steps.append(step)
            inBlocks.insert(next.index)
        }
        let firstDense = left.first { network.layers[$0].kind == .dense } ?? network.layers.count
        between = left.filter { $0 < firstDense }
        tail = left.filter { $0 >= firstDense }
        let isRead = { (index: Int, readers: [Int]) in
            index == network.plan.output || network.plan.readers[index].contains { readers.contains($0) }
        }
        readWhole = inBlocks.sorted().filter { isRead($0, left) }
        handedOver = between.filter { isRead($0, tail) }
    }

    /// The step for a convolution, if only the means of its maps are read.
    private static func means(of layer: Layer, input: Int, in network: Network) -> Step? {
        let readers = network.plan.readers[layer.index]
        guard readers.count == 1, layer.index != network.plan.output,
            network.layers[readers[0]].kind == .globalAveragePooling,
            let convolution = layer.operation as? ConvolutionLayer, convolution.givesMeans(layer.activation)
        else { return nil }
        return .averaged(layer, convolution, pooling: network.layers[readers[0]], input: input)
    }

    private static func step(_ layer: Layer, input: Int, place: Int) -> Step? {
        if let concat = layer.operation as? ConcatLayer {
            let first = concat.ranges[place].lowerBound / BlockedMaps.lanes
            return concat.isAligned ? .joined(layer, input: input, firstBlock: first) : nil
        }
        if layer.kind == .flatten { return .flattened(layer, input: input) }
        switch layer.operation.mixing {
        case .none: return .channelwise(layer, input: input)
        case .sum: return .summed(layer, input: input)
        case .other: return nil
        }
    }
}
