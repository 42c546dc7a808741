/// Dropout, which does nothing after training, and Identity.
struct DropoutImport: OperatorImport {
    let operations = ["Dropout", "Identity"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        if node.label.operation == "Identity", node.has(0), let input = node.inputs[0], node.isConstant {
            return input
        }
        for name in ["ratio", "seed", "is_test"] { node.attributes.ignore(name) }
        // The ratio, input 1 since opset 12, matters in training alone; input 2 says whether this is training.
        if node.has(2), try node.constant(2).floats.contains(where: { $0 != 0 }) {
            throw node.label.unsupported("training_mode = true", supported: "false")
        }
        return .maps(node.emitIdentity(try node.maps(0)))
    }
}
