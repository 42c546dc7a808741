/// Why a model file cannot be taken: every case names the node, tensor or value, what was found and what is possible.
///
/// A node without a name is called by the name of its first output.
public enum ONNXError: Error, Equatable, Sendable {
    /// The bytes are not an ONNX model at all.
    case malformed(reason: String)
    /// Something in the file is larger than ``ONNXLimits`` allows.
    case limitExceeded(what: String, found: Int, allowed: Int)
    /// The operator set's version (or another domain) is not one the importer knows.
    case unsupportedOperatorSet(domain: String, found: Int, supported: ClosedRange<Int>)
    /// The node's operator is not supported.
    case unsupportedOperator(node: String, operation: String, supported: [String])
    /// The node's operator is supported, this attribute of it is not.
    case unsupportedAttribute(node: String, operation: String, attribute: String, supported: [String])
    /// The node's operator is supported, this use of it is not.
    case unsupported(node: String, operation: String, found: String, supported: String)
    /// The node contradicts the ONNX specification or itself.
    case invalidNode(node: String, operation: String, found: String, expected: String)
    /// A weight or constant cannot be read.
    case invalidTensor(tensor: String, found: String, expected: String)
    /// Weights kept outside the file cannot be read.
    case externalData(tensor: String, location: String, reason: String)
    /// Two nodes, initializers or inputs give a value of the same name.
    case duplicateValue(value: String)
    /// A node reads a value that nothing in the file gives.
    case undefinedValue(value: String, node: String)
    /// These nodes wait for one another.
    case cycle(nodes: [String])
    /// The graph's input is not one image.
    case invalidInput(found: String, expected: String)
    /// The file has no output of this name.
    case unknownOutput(output: String, available: [String])
}

extension ONNXError: CustomStringConvertible {
    /// The sentence for people.
    public var description: String {
        switch self {
        case .malformed(let reason):
            "not an ONNX model: \(reason)"
        case .limitExceeded(let what, let found, let allowed):
            "\(what): \(found) is over the limit of \(allowed)"
        case .unsupportedOperatorSet(let domain, let found, let supported):
            "operator set '\(shown(domain))' version \(found): supported is 'ai.onnx' "
                + "\(supported.lowerBound)–\(supported.upperBound)"
        case .unsupportedOperator(let node, let operation, let supported):
            "\(place(node, operation)): operator not supported; supported are \(list(supported))"
        case .unsupportedAttribute(let node, let operation, let attribute, let supported):
            "\(place(node, operation)): attribute '\(shown(attribute))' not supported; supported are \(list(supported))"
        case .unsupported(let node, let operation, let found, let supported):
            "\(place(node, operation)): \(found) not supported; supported: \(supported)"
        case .invalidNode(let node, let operation, let found, let expected):
            "\(place(node, operation)): \(found); expected \(expected)"
        case .invalidTensor(let tensor, let found, let expected):
            "tensor '\(shown(tensor))': \(found); expected \(expected)"
        case .externalData(let tensor, let location, let reason):
            "tensor '\(shown(tensor))': external data '\(shown(location))': \(reason)"
        case .duplicateValue(let value):
            "value '\(shown(value))' is given twice"
        case .undefinedValue(let value, let node):
            "node '\(shown(node))' reads '\(shown(value))', which nothing gives"
        case .cycle(let nodes):
            "the nodes \(list(nodes)) wait for one another"
        case .invalidInput(let found, let expected):
            "input: \(found); expected \(expected)"
        case .unknownOutput(let output, let available):
            "no output '\(shown(output))'; this file has \(list(available))"
        }
    }

    private func place(_ node: String, _ operation: String) -> String {
        "node '\(shown(node))' (\(shown(operation)))"
    }

    private func list(_ names: [String]) -> String {
        if names.isEmpty { return "none" }
        let most = 60
        return names.prefix(most).map { shown($0) }.joined(separator: ", ")
            + (names.count > most ? ", … (\(names.count) in all)" : "")
    }

    /// A name from the file, shortened and without control characters: it is printed on terminals.
    private func shown(_ name: String) -> String {
        let most = 80
        let clean = String(name.prefix(most).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } == true ? "?" : $0 })
        return name.count > most ? clean + "…" : clean
    }
}
