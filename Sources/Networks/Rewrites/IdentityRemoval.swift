/// Removes identities and dropouts.
///
/// Their names stay as aliases of the layer whose value they pass on.
enum IdentityRemoval {
    /// Leaves no identity in the draft.
    ///
    /// One that passes on the network's own input leaves no name.
    static func apply(to draft: inout GraphDraft) throws(NetworksError) {
        var stands: [String: String] = [:]
        var positions: [String: Int] = [:]
        var kept: [LayerDraft] = []
        for var layer in draft.layers {
            layer.inputs = layer.inputs.map { stands[$0] ?? $0 }
            guard case .identity = layer.operation else {
                positions[layer.output] = kept.count
                kept.append(layer)
                continue
            }
            stands[layer.output] = layer.inputs[0]
            if let position = positions[layer.inputs[0]] {
                kept[position].removedNames += layer.nodes + layer.values
            }
        }
        draft.layers = kept
        draft.output = stands[draft.output] ?? draft.output
        guard !kept.isEmpty else { throw .emptyGraph }
    }
}
