internal import Kernels

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
    /// The layers whose values layers computed whole read, or that give the logits, among those that are not.
    let handedOver: [Int]
    /// The layers computed whole, in order.
    let tail: [Int]
    /// Whether a layer computed whole reads the network's input itself.
    let tailReadsInput: Bool
    /// The layers of which crops are read for the last time by the layer of this position.
    let lastCroppedBy: [[Int]]

    init(_ network: Network) {
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
        self.roles = roles
        tail = roles.indices.filter { roles[$0] == .whole }
        let readers = network.plan.readers
        handedOver = roles.indices.filter { index in
            roles[index] != .whole
                && (index == network.plan.output || readers[index].contains { roles[$0] == .whole })
        }
        tailReadsInput = network.layers.contains { roles[$0.index] == .whole && $0.inputs.contains(.input) }
        var last = [[Int]](repeating: [], count: roles.count)
        for index in roles.indices where roles[index] == .cropped {
            last[readers[index].last { roles[$0] != .whole } ?? index].append(index)
        }
        lastCroppedBy = last
    }
}
