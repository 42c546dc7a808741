internal import Tensors

/// Folds batch normalization, and any other constant scale and shift, into the convolution or dense layer before it.
///
/// Folding happens in double precision and rounds once. Behind an addition it stays a step of that layer; anywhere else
/// it is a layer of its own.
enum BatchNormalizationFolding {
    /// Leaves no scale and shift behind a layer that can take it in, where nothing else reads in between.
    static func apply(to draft: inout GraphDraft) throws(NetworksError) {
        try draft.mergeTails { (producer, next) throws(NetworksError) in
            guard let scale = try ChannelScale.of(next.operation, node: next.title) else { return false }
            return try fold(scale, of: next, into: &producer)
        }
    }

    private static func fold(
        _ scale: ChannelScale, of next: LayerDraft, into producer: inout LayerDraft
    ) throws(NetworksError) -> Bool {
        switch producer.operation {
        case .convolution(let weights, let bias, let groups, let window):
            let (folded, shift) = try fold(scale, of: next, weights: weights, bias: bias)
            producer.operation = .convolution(weights: folded, bias: shift, groups: groups, window: window)
        case .innerProduct(let weights, let bias):
            let (folded, shift) = try fold(scale, of: next, weights: weights, bias: bias)
            producer.operation = .innerProduct(weights: folded, bias: shift)
        case .add:
            // The number of channels is not known before shapes are inferred: a second one is a layer of its own.
            guard producer.scaleShift == nil else { return false }
            producer.scaleShift = scale
        default: return false
        }
        return true
    }

    /// Weights [O, …] times the scale of their output channel, and the bias [O] scaled and shifted.
    private static func fold(
        _ scale: ChannelScale, of next: LayerDraft, weights: Tensor, bias: Tensor?
    ) throws(NetworksError) -> (Tensor, Tensor) {
        guard weights.shape.rank > 0, weights.shape[0] > 0, bias.map({ $0.count == weights.shape[0] }) ?? true else {
            throw .shapeMismatch(
                node: next.title, operation: next.operation.title, expected: "weights and a bias of one size before it",
                actual: "weights of \(weights.shape), a bias of \(bias.map { "\($0.shape)" } ?? "none")")
        }
        let channels = weights.shape[0]
        let spread = try scale.spread(over: channels, node: next.title, operation: next.operation.title)
        let each = weights.count / channels
        var values = weights.values
        for position in values.indices {
            values[position] = Float(Double(values[position]) * spread.scale[position / each])
        }
        let old = bias?.values ?? Array(repeating: 0, count: channels)
        let shift = old.indices.map { Float(Double(old[$0]) * spread.scale[$0] + spread.shift[$0]) }
        return (Tensor(shape: weights.shape, values: values), Tensor(shape: Shape([channels]), values: shift))
    }
}
