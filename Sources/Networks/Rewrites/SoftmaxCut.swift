/// Cuts off the final softmax: logits and projections stop before it.
enum SoftmaxCut {
    /// Removes a softmax that is followed by nothing but identities and flattenings; its names go with it.
    ///
    /// Throws `softmaxInside` for any other.
    static func apply(to draft: inout GraphDraft) throws(NetworksError) {
        let producers = draft.producers()
        var value = draft.output
        walk: while let position = producers[value] {
            let layer = draft.layers[position]
            switch layer.operation {
            case .identity, .flatten: value = layer.inputs[0]
            case .softmax:
                remove(position, from: &draft)
                break walk
            default: break walk
            }
        }
        for layer in draft.layers {
            if case .softmax = layer.operation { throw .softmaxInside(node: layer.title) }
        }
        guard !draft.layers.isEmpty else { throw .emptyGraph }
    }

    private static func remove(_ position: Int, from draft: inout GraphDraft) {
        let softmax = draft.layers.remove(at: position)
        draft.replace(value: softmax.output, by: softmax.inputs[0])
    }
}

extension GraphDraft {
    /// Lets everything that reads one value read another.
    mutating func replace(value: String, by other: String) {
        for position in layers.indices {
            for k in layers[position].inputs.indices where layers[position].inputs[k] == value {
                layers[position].inputs[k] = other
            }
        }
        if output == value { output = other }
    }
}
