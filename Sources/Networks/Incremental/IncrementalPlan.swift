internal import Kernels
internal import Tensors

/// How a network is computed where only a rectangle of its input changed, found out once.
struct IncrementalPlan: Sendable {
    /// How a layer takes part.
    enum Role: Sendable {
        /// Rectangles of it are computed.
        case cropped
        /// The mean of maps of which rectangles are computed.
        case pooled
        /// It is computed whole: it looks at everything, or at something that does.
        case whole
    }

    let roles: [Role]
    /// The layers of which rectangles are computed and the means of such, in order.
    let steps: [CropStep]
    /// The layers whose values layers computed whole read, or that give the logits, among those that are not.
    let handedOver: [Int]
    /// The layers computed whole, in order.
    let tail: [Int]
    /// Whether a layer computed whole reads the network's input itself.
    let tailReadsInput: Bool
    /// Whether some of the layers of which rectangles are computed are so in tiles with filters that are worth sharing.
    let sharesFilters: Bool

    init(_ network: Network) {
        let roles = IncrementalPlan.roles(network)
        self.roles = roles
        tail = roles.indices.filter { roles[$0] == .whole }
        let readers = network.plan.readers
        handedOver = roles.indices.filter { index in
            roles[index] != .whole
                && (index == network.plan.output || readers[index].contains { roles[$0] == .whole })
        }
        tailReadsInput = network.layers.contains { roles[$0.index] == .whole && $0.inputs.contains(.input) }
        sharesFilters = network.layers.contains {
            roles[$0.index] == .cropped && $0.operation.outputsComputedTogether > 1
                && $0.operation.weightBytes >= IncrementalPlan.leastShared
        }
        var last = [[Int]](repeating: [], count: roles.count)
        for index in roles.indices where roles[index] == .cropped {
            last[readers[index].last { roles[$0] != .whole } ?? index].append(index)
        }
        steps = network.layers.filter { roles[$0.index] != .whole }.map { layer in
            let slot = network.plan.slots[layer.index].flatMap { roles[$0.concat] == .cropped ? $0 : nil }
            return CropStep(layer, in: network, slot: slot, lastReads: last[layer.index])
        }
    }

    /// Bytes of a layer's weights from which on transforming them once for all threads is worth waiting for each other.
    private static let leastShared = 1 << 20

    private static func roles(_ network: Network) -> [Role] {
        var roles: [Role] = []
        for layer in network.layers {
            let readsCrops = layer.inputs.allSatisfy { source in
                if case .layer(let index) = source { roles[index] == .cropped } else { true }
            }
            if readsCrops && layer.hasPositions && layer.operation is any CropOperation {
                roles.append(.cropped)
            } else if readsCrops && layer.kind == .globalAveragePooling && layer.inputs != [.input] {
                roles.append(.pooled)
            } else {
                roles.append(.whole)
            }
        }
        return roles
    }
}

/// What computing rectangles of a layer takes, at hand without a look at the network.
final class CropStep: Sendable {
    /// A value that the layer reads, and the size of its maps.
    struct Source: Sendable {
        let value: LayerInput
        let height: Int
        let width: Int
    }

    /// The layer's index.
    let index: Int
    /// How rectangles are computed; nil where it is the mean of maps.
    let operation: (any CropOperation)?
    let activation: Activation
    let featureMaps: Int
    let sources: [Source]
    /// Whether it reads the network's input with its channels side by side.
    let readsPixels: Bool
    /// The channels of its inputs, if it is a concatenation of whole blocks.
    let joinedChannels: [Range<Int>]?
    /// The place in a concatenation that it writes into itself.
    let slot: PassPlan.Slot?
    /// The layers of which crops are read for the last time here.
    let lastReads: [Int]

    init(_ layer: Layer, in network: Network, slot: PassPlan.Slot?, lastReads: [Int]) {
        index = layer.index
        operation = layer.kind == .globalAveragePooling ? nil : layer.operation as? any CropOperation
        activation = layer.activation
        featureMaps = layer.featureMaps
        sources = layer.inputs.map { source in
            switch source {
            case .input: Source(value: source, height: network.inputShape[1], width: network.inputShape[2])
            case .layer(let index):
                Source(value: source, height: network.layers[index].height, width: network.layers[index].width)
            }
        }
        readsPixels =
            layer.isConvolutionOfInput && network.inputShape[0] < BlockedMaps.lanes
            && (layer.operation as? ConvolutionLayer)?.readsPixels == true
        joinedChannels = (layer.operation as? ConcatLayer).flatMap { $0.isAligned ? $0.ranges : nil }
        self.slot = slot
        self.lastReads = lastReads
    }

    /// The rectangle that may change where rectangles of what the layer reads do.
    func rectangle(_ changed: (LayerInput) -> MapRectangle) -> MapRectangle {
        guard let operation else { return .empty }
        var union = MapRectangle.empty
        for source in sources {
            union = union.union(
                operation.outputs(touching: changed(source.value), height: source.height, width: source.width))
        }
        return union
    }

    /// What a rectangle of the layer's outputs looks at in one of the values that it reads.
    func inputs(of rectangle: MapRectangle, from source: Source) -> MapRectangle {
        operation?.inputs(of: rectangle, height: source.height, width: source.width) ?? .empty
    }
}
