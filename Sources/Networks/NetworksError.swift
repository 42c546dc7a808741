public import Concurrency
internal import Kernels
public import Tensors

/// What is wrong with a graph, or with what is asked of a network.
///
/// Errors of a graph name the node.
public enum NetworksError: Error, Equatable, Sendable {
    /// The graph has no nodes.
    case emptyGraph
    /// Two nodes, or a node and the input, make a value of one name.
    case duplicateValue(value: String, node: String)
    /// A node reads a value that nothing makes.
    case unknownValue(value: String, node: String)
    /// These nodes need each other's values.
    case cycle(nodes: [String])
    /// The graph does not make the output that is asked for.
    case unknownOutput(value: String, available: [String])
    /// A node reads the wrong number of values.
    case inputCount(node: String, operation: String, expected: String, actual: Int)
    /// A node's input or weights have the wrong shape.
    case shapeMismatch(node: String, operation: String, expected: String, actual: String)
    /// A window is larger than its padded input, or one lies in the padding entirely.
    case windowDoesNotFit(node: String, operation: String, input: Shape, window: String)
    /// A parameter makes no sense.
    case invalidParameter(node: String, operation: String, parameter: String, value: String)
    /// A value has more rows, columns or elements than are supported.
    case tooLarge(node: String, operation: String, shape: String)
    /// A softmax stands inside the network.
    case softmaxInside(node: String)
    /// The output is not one number a class.
    case outputIsNotClasses(layer: String, shape: Shape)
    /// The network has neither a convolution nor a dense layer.
    case noClassifier
    /// The network has no layer of that name.
    case unknownLayer(name: String, available: [String])
    /// The name is short for several layers.
    case ambiguousLayer(name: String, candidates: [String])
    /// The input does not have the shape that the network takes.
    case inputShape(expected: Shape, actual: Shape)
    /// The layer's activation holds a NaN, or the logits a NaN or an infinity.
    case notFinite(layer: String)
    /// The method's rules are not defined for the layer's activation.
    case activationRefused(layer: String, activation: String)
    /// The work was stopped between two layers.
    case stopped(Stopped)
}

extension KernelContext {
    /// Throws if the work is to stop: asked before each layer, so that even the pass of a large network ends soon.
    func check() throws(NetworksError) {
        if let reason = token.reason { throw .stopped(reason) }
    }
}

extension NetworksError: CustomStringConvertible {
    /// The error in words for people.
    public var description: String {
        switch self {
        case .emptyGraph: "the network has no nodes"
        case .duplicateValue(let value, let node): "node '\(node)' makes the value '\(value)', which is there already"
        case .unknownValue(let value, let node): "node '\(node)' reads the value '\(value)', which nothing makes"
        case .cycle(let nodes): "these nodes need each other's values: \(NetworksError.list(nodes))"
        case .unknownOutput(let value, let available):
            "the network has no output '\(value)'; it has \(NetworksError.list(available))"
        case .inputCount(let node, let operation, let expected, let actual):
            "node '\(node)' (\(operation)) reads \(actual) values; expected \(expected)"
        case .shapeMismatch(let node, let operation, let expected, let actual):
            "node '\(node)' (\(operation)): expected \(expected), got \(actual)"
        case .windowDoesNotFit(let node, let operation, let input, let window):
            "node '\(node)' (\(operation)): the window \(window) does not fit an input of \(input)"
        case .invalidParameter(let node, let operation, let parameter, let value):
            "node '\(node)' (\(operation)): \(parameter) cannot be \(value)"
        case .tooLarge(let node, let operation, let shape):
            "node '\(node)' (\(operation)): a value of \(shape) is too large"
        case .softmaxInside(let node):
            "node '\(node)' (softmax) is not the network's last; only a final one is supported"
        case .outputIsNotClasses(let layer, let shape):
            "the output '\(layer)' of shape \(shape) is not one number a class"
        case .noClassifier: "the network has neither a convolution nor a dense layer"
        case .unknownLayer, .ambiguousLayer, .inputShape, .notFinite, .activationRefused: requestWords
        case .stopped(let reason): reason.description
        }
    }

    private var requestWords: String {
        switch self {
        case .unknownLayer(let name, let available):
            "no layer '\(name)'; this model has \(available.joined(separator: ", "))"
        case .ambiguousLayer(let name, let candidates):
            "'\(name)' is short for several layers: \(candidates.joined(separator: ", "))"
        case .inputShape(let expected, let actual): "the network takes an input of \(expected), not \(actual)"
        case .notFinite(let layer):
            "the numbers at layer '\(layer)' are not finite: the input holds a NaN or is far too large"
        case .activationRefused(let layer, let activation):
            "a DeconvNet is not defined for \(activation) at layer '\(layer)'; "
                + "activations=gradient uses its derivative there"
        default: ""
        }
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
