/// What a node is called in errors, and the errors it can have.
struct NodeLabel: Hashable {
    /// The node's name; without one, the name of its first output.
    let name: String
    let operation: String

    func unsupported(_ found: String, supported: String) -> ONNXError {
        .unsupported(node: name, operation: operation, found: found, supported: supported)
    }

    func invalid(_ found: String, expected: String) -> ONNXError {
        .invalidNode(node: name, operation: operation, found: found, expected: expected)
    }
}
