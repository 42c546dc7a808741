public import Networks
public import ONNX
public import Tensors

/// Why a model folder cannot be used, or a request does not fit its model.
public enum ModelsError: Error, Equatable, Sendable {
    // Model folders and libraries.

    /// A file or folder cannot be read.
    case unreadable(path: String, reason: String)
    /// A file is larger than what is read into memory.
    case fileTooLarge(path: String, bytes: Int, allowed: Int)
    /// `model.json` has a member that means nothing; `nearest` is the member it may stand for.
    case unknownMember(path: String, member: String, nearest: String?, known: [String])
    /// A member of `model.json` is missing or has a value that is not possible.
    case invalidMember(path: String, member: String, found: String, expected: String)
    /// There are not as many labels as classes.
    case labelCount(path: String, labels: Int, classes: Int)
    /// `model.json` makes pictures of one shape, the network takes another.
    case preprocessingMismatch(path: String, prepared: String, network: Shape)
    /// `model.onnx` cannot be imported.
    case onnx(path: String, ONNXError)
    /// `model.onnx` is no network that can be run.
    case network(path: String, NetworksError)
    /// Two folders of one directory hold models of the same name.
    case duplicateName(name: String, paths: [String])
    /// There is no model in these directories.
    case noModels(directories: [String])

    // Requests.

    /// The library has no model of this name.
    case unknownModel(name: String, available: [String])
    /// The model has no preprocessing, so it takes arrays alone.
    case imageRefused(model: String)
    /// The picture has not the size that the model's preprocessing needs.
    case imageSize(height: Int, width: Int, expected: String)
    /// The array has not the shape of the network's input.
    case inputShape(expected: Shape, actual: Shape)
    /// The array holds NaN or infinity; the position is [channel, y, x].
    case inputNotFinite(position: [Int])
    /// The text is neither a class's index nor a label.
    case unknownClass(text: String, classes: Int, hasLabels: Bool)
    /// The label is that of several classes.
    case ambiguousClass(text: String, candidates: [Int])
}

extension ModelsError: CustomStringConvertible {
    /// The sentence for people.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .fileTooLarge(let path, let bytes, let allowed): "\(path): \(bytes) bytes; at most \(allowed) are read"
        case .unknownMember(let path, let member, let nearest, let known):
            "\(path): unknown member '\(member)'"
                + (nearest.map { "; is '\($0)' meant?" } ?? "; known are \(known.joined(separator: ", "))")
        case .invalidMember(let path, let member, let found, let expected):
            "\(path): '\(member)' is \(found); expected \(expected)"
        case .labelCount(let path, let labels, let classes): "\(path): \(labels) labels for \(classes) classes"
        case .preprocessingMismatch(let path, let prepared, let network):
            "\(path): the input prepared is \(prepared), the network takes \(network)"
        case .onnx(let path, let error): "\(path): \(error)"
        case .network(let path, let error): "\(path): \(error)"
        case .duplicateName(let name, let paths): "two models are called '\(name)': \(paths.joined(separator: ", "))"
        case .noModels(let directories):
            "no model (a folder with model.onnx in it) in \(directories.joined(separator: ", "))"
        default: requestDescription
        }
    }

    private var requestDescription: String {
        switch self {
        case .unknownModel(let name, let available):
            "no model '\(name)'; there are \(available.joined(separator: ", "))"
        case .imageRefused(let model):
            "model '\(model)' has no preprocessing (model.json with 'input'): it takes NPY arrays, no images"
        case .imageSize(let height, let width, let expected):
            "an image of \(height) rows and \(width) columns; expected \(expected)"
        case .inputShape(let expected, let actual):
            "an input of shape \(actual); expected \(expected) or \(Shape([1] + expected.dimensions))"
        case .inputNotFinite(let position): "the input is NaN or infinite at \(position); expected finite numbers"
        case .unknownClass(let text, let classes, let hasLabels):
            "no class '\(text)'; expected an index from 0 to \(classes - 1)" + (hasLabels ? " or a label" : "")
        case .ambiguousClass(let text, let candidates):
            "'\(text)' names the classes \(candidates.map(String.init).joined(separator: ", ")); give the index"
        default: ""
        }
    }
}
