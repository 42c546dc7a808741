/// A classifier as a file states it: one input, nodes that make one value each, and the values it offers as outputs.
///
/// This is what an importer builds and ``Network`` turns into layers. Nothing in it has been checked yet. Nodes may
/// stand in any order; values are known by name, and a name is given to one value only.
public struct NetworkGraph: Sendable {
    /// The picture that the network reads.
    public var input: GraphInput
    /// The operations, each with the names of what it reads and of what it makes.
    public var nodes: [GraphNode]
    /// The names of the values that the file offers as outputs, the default first.
    public var outputs: [String]

    /// A graph of these parts.
    public init(input: GraphInput, nodes: [GraphNode], outputs: [String]) {
        self.input = input
        self.nodes = nodes
        self.outputs = outputs
    }
}

/// The network's input: its value's name, and its shape without the batch.
public struct GraphInput: Hashable, Sendable {
    /// The name by which nodes read it.
    public var name: String
    /// Channels of a picture.
    public var channels: Int
    /// Rows of a picture.
    public var height: Int
    /// Columns of a picture.
    public var width: Int

    /// An input of this name and shape.
    public init(name: String, channels: Int, height: Int, width: Int) {
        self.name = name
        self.channels = channels
        self.height = height
        self.width = width
    }
}

/// One operation of a graph.
public struct GraphNode: Sendable {
    /// The node's own name; empty where the file gives none.
    public var name: String
    /// What is computed, its weights included.
    public var operation: Operation
    /// The names of the values it reads, in order.
    public var inputs: [String]
    /// The name of the value it makes.
    public var output: String

    /// A node of these parts.
    public init(name: String, operation: Operation, inputs: [String], output: String) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.output = output
    }

    /// What an error calls the node: its own name, else that of the value it makes.
    package var title: String { name.isEmpty ? output : name }
}
