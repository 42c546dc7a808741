internal import Kernels

/// Chooses the names by which answers call the layers.
enum CanonicalNames {
    /// One name a layer, all different: that of its last node, else of its last value if that is more than a number,
    /// else `conv1`, `pool1`, `fc6` by order.
    ///
    /// In names by order, convolutions and dense layers count; anything else has the number of the last of them.
    static func choose(for layers: [LayerDraft]) -> [String] {
        let taken = Set(layers.flatMap { $0.nodes + $0.values })
        var used: Set<String> = []
        var count = 0
        return layers.map { layer in
            if layer.operation.isWeighted { count += 1 }
            let candidates = [layer.lastNode, layer.output].filter { isTelling($0) && !used.contains($0) }
            let name =
                candidates.first ?? byOrder(layer.operation, max(count, 1)) { taken.contains($0) || used.contains($0) }
            used.insert(name)
            return name
        }
    }

    private static func isTelling(_ name: String) -> Bool { name.contains(where: \.isLetter) }

    private static func byOrder(_ operation: Operation, _ number: Int, isTaken: (String) -> Bool) -> String {
        let name = operation.shortName + "\(number)"
        guard isTaken(name) else { return name }
        var copy = 2
        while isTaken("\(name)_\(copy)") { copy += 1 }
        return "\(name)_\(copy)"
    }
}

extension Operation {
    /// Whether it counts in names by order.
    var isWeighted: Bool {
        switch self {
        case .convolution, .innerProduct: true
        default: false
        }
    }

    /// What names by order begin with.
    var shortName: String {
        switch self {
        case .convolution: "conv"
        case .innerProduct: "fc"
        case .maxPooling, .averagePooling: "pool"
        case .globalAveragePooling: "gap"
        case .localResponseNormalization: "norm"
        case .batchNormalization, .scaleShift: "bn"
        case .activation(.relu): "relu"
        case .activation: "act"
        case .add: "add"
        case .concat: "concat"
        case .flatten: "flatten"
        case .identity: "identity"
        case .softmax: "softmax"
        }
    }
}
