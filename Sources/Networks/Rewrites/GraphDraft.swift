internal import Kernels

/// A layer in the making: one node of the graph, and what the rewrites have merged into it.
struct LayerDraft: Sendable {
    /// The node that gives the layer its kind.
    var operation: Operation
    /// A scale and shift behind an addition, which has no weights to fold it into.
    var scaleShift: ChannelScale?
    /// The activation behind it.
    var activation = Activation.identity
    /// The names of the values it reads.
    var inputs: [String]
    /// The name of the value it makes, after the last of its nodes.
    var output: String
    /// The names of its nodes, in order, those without a name left out.
    var nodes: [String]
    /// The names of its values, in order.
    var values: [String]
    /// Names of nodes and values behind it that were removed because they change nothing.
    var removedNames: [String] = []
    /// The name of the last of its nodes; empty where the file gives none.
    var lastNode: String
    /// What errors call it.
    let title: String

    init(_ node: GraphNode) {
        operation = node.operation
        inputs = node.inputs
        output = node.output
        nodes = node.name.isEmpty ? [] : [node.name]
        values = [node.output]
        lastNode = node.name
        title = node.title
    }

    /// Takes a node behind this one into the layer.
    mutating func absorb(_ next: LayerDraft) {
        output = next.output
        nodes += next.nodes
        values += next.values
        removedNames += next.removedNames
        lastNode = next.lastNode
    }
}

/// A checked graph on its way to a network: drafts in an order in which each reads only what is made before it.
struct GraphDraft: Sendable {
    var input: GraphInput
    var layers: [LayerDraft]
    /// The name of the value that becomes the logits.
    var output: String

    /// How often each value is read; the output counts as one reading.
    func readings() -> [String: Int] {
        var counts = [output: 1]
        for layer in layers {
            for name in layer.inputs { counts[name, default: 0] += 1 }
        }
        return counts
    }

    /// The position of the layer that makes each value.
    func producers() -> [String: Int] {
        var positions: [String: Int] = [:]
        for (position, layer) in layers.enumerated() { positions[layer.output] = position }
        return positions
    }

    /// Merges every draft that `merge` accepts into the draft it reads, where nothing else reads in between.
    ///
    /// `merge(producer, next)` changes the producer and says whether it took `next` in.
    mutating func mergeTails(
        _ merge: (_ producer: inout LayerDraft, _ next: LayerDraft) throws(NetworksError) -> Bool
    ) throws(NetworksError) {
        let readings = self.readings()
        var positions: [String: Int] = [:]
        var kept: [LayerDraft] = []
        for layer in layers {
            if layer.inputs.count == 1, let position = positions[layer.inputs[0]], readings[layer.inputs[0]] == 1,
                try merge(&kept[position], layer)
            {
                kept[position].absorb(layer)
                positions[layer.output] = position
            } else {
                positions[layer.output] = kept.count
                kept.append(layer)
            }
        }
        layers = kept
    }
}
