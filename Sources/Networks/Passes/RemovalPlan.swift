internal import Kernels

/// How far the removal of a layer's feature maps can be followed as a change of a few blocks of channels: through layers
/// that treat each map by itself, up to the convolutions and dense layers behind them.
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
    }

    /// The layers that are followed, in order.
    private(set) var steps: [Step] = []
    /// The layers that are followed and given in blocks but read whole: by a layer left, or as the logits.
    private(set) var readWhole: [Int] = []
    /// The layers that depend on the removal and are computed as ever, in order.
    private(set) var left: [Int] = []

    /// A plan for removals from the layer.
    init(_ network: Network, removingFrom layer: Layer) {
        let changes = network.plan.descendants(of: layer.index)
        var inBlocks: Set<Int> = [layer.index]
        for next in network.layers where changes[next.index] {
            let changed = next.inputs.indices.filter { place in
                if case .layer(let index) = next.inputs[place] { changes[index] || index == layer.index } else { false }
            }
            guard changed.count == 1, let place = changed.first, case .layer(let input) = next.inputs[place],
                inBlocks.contains(input), let step = Self.step(next, input: input, place: place)
            else {
                left.append(next.index)
                continue
            }
            steps.append(step)
            if case .summed = step { continue }
            inBlocks.insert(next.index)
        }
        let isLeft = Set(left)
        readWhole = inBlocks.sorted().filter { index in
            index == network.plan.output || network.plan.readers[index].contains { isLeft.contains($0) }
        }
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

extension Network {
    /// Multiplications with an addition for one image from which a feature map of this layer is removed, as `resume` does
    /// it: layers that sum over the maps compute one block of 16 of them again, those behind are computed whole.
    public func multiplyAdds(removingFrom layer: Layer) -> Int {
        let plan = RemovalPlan(self, removingFrom: layer)
        let left = plan.left.reduce(0) { $0.saturatingAdd(layers[$1].multiplyAdds) }
        return plan.steps.reduce(left) { sum, step in
            guard case .summed(let next, let input) = step else { return sum }
            let blocks = (layers[input].featureMaps + BlockedMaps.lanes - 1) / BlockedMaps.lanes
            return sum.saturatingAdd(next.multiplyAdds / blocks)
        }
    }

    /// The most bytes that activations of one such image hold at once.
    public func workingBytes(removingFrom layer: Layer) -> Int {
        let plan = RemovalPlan(self, removingFrom: layer)
        var alive = plan.readWhole.reduce(0) { $0.saturatingAdd(layers[$1].blockedBytes) }
        for step in plan.steps {
            switch step {
            case .channelwise(let next, _), .joined(let next, _, _), .flattened(let next, _):
                alive = alive.saturatingAdd(BlockedMaps.lanes * next.height * next.width * MemoryLayout<Float>.size)
            case .summed(let next, _): alive = alive.saturatingAdd(next.blockedBytes)
            }
        }
        var most = alive
        let isLeft = Set(plan.left)
        for index in plan.left {
            alive = alive.saturatingAdd(layers[index].blockedBytes)
            most = max(most, alive)
            for done in self.plan.lastReadBy[index] where isLeft.contains(done) { alive -= layers[done].blockedBytes }
        }
        return most
    }
}
