internal import Kernels

/// A removal of feature maps followed through the layers of its plan, for all images together.
struct RemovalFront {
    /// The activations of all images where they are whole, by layer: what the layers left read.
    private(set) var whole: [Int: BlockedMaps] = [:]
    private var inBlocks: [Int: ReplacedBlocks] = [:]

    /// Removes maps of a layer from a trace of one image, a list for each image of the result.
    init(
        _ trace: ForwardTrace, removing featureMaps: [[Int]], of layer: Layer, _ plan: RemovalPlan,
        _ context: KernelContext
    ) throws(NetworksError) {
        inBlocks[layer.index] = ReplacedBlocks(trace.activation(layer), removing: featureMaps, context)
        for step in plan.steps {
            try context.check()
            follow(step, trace, context)
        }
        for index in plan.readWhole { whole[index] = inBlocks[index]?.whole(context) }
    }

    private mutating func follow(_ step: RemovalPlan.Step, _ trace: ForwardTrace, _ context: KernelContext) {
        switch step {
        case .channelwise(let layer, let input):
            let before = blocks(input)
            let maps = layer.operation.forward([before.maps], activation: layer.activation, into: nil, context)
            inBlocks[layer.index] = ReplacedBlocks(
                base: trace.activation(layer), images: before.images, places: before.places, maps: maps)
        case .joined(let layer, let input, let firstBlock):
            let before = blocks(input)
            let places = before.places.map {
                ReplacedBlocks.Place(image: $0.image, block: firstBlock + $0.block)
            }
            inBlocks[layer.index] = ReplacedBlocks(
                base: trace.activation(layer), images: before.images, places: places, maps: before.maps)
        case .flattened(let layer, let input):
            inBlocks[layer.index] = blocks(input).flattened(base: trace.activation(layer), context)
        case .summed(let layer, let input):
            whole[layer.index] = layer.operation.forward(blocks(input), activation: layer.activation, context)
        case .averaged(let layer, let convolution, let pooling, let input):
            whole[pooling.index] = convolution.means(blocks(input), activation: layer.activation, context)
        }
    }

    private func blocks(_ index: Int) -> ReplacedBlocks {
        guard let found = inBlocks[index] else { preconditionFailure("layer \(index) is followed before it is there") }
        return found
    }
}
