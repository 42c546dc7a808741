public import Blobs
public import Imaging
public import Networks
public import Tensors

/// A classifier ready to be explained: its network, how pictures are prepared for it, and the names of its classes.
public struct Model: Sendable {
    /// The name by which requests ask for it.
    public let name: String
    /// What it is, in a sentence, where its folder says so.
    public let description: String?
    /// The licence of its weights, where its folder says so.
    public let license: String?
    /// The layers.
    public let network: Network
    /// A label a class, in the order of the classes; `nil` where the model has none.
    public let labels: [String]?
    /// How pictures are prepared; `nil` where the model takes arrays alone.
    public let preprocessing: Preprocessing?
    /// The SHA-256 digest of `model.onnx`.
    public let digest: Digest
    /// The SHA-256 digest of everything in the folder that its answers depend on: the network with weights kept
    /// beside it, the preprocessing and the labels.
    public let contentDigest: Digest

    /// A model of these parts.
    ///
    /// Traps unless there are as many labels as classes.
    public init(
        name: String, description: String? = nil, license: String? = nil, network: Network, labels: [String]? = nil,
        preprocessing: Preprocessing? = nil, digest: Digest, contentDigest: Digest? = nil
    ) {
        precondition(
            labels.map { $0.count == network.classes } ?? true,
            "\(labels?.count ?? 0) labels for \(network.classes) classes")
        self.name = name
        self.description = description
        self.license = license
        self.network = network
        self.labels = labels
        self.preprocessing = preprocessing
        self.digest = digest
        self.contentDigest = contentDigest ?? digest
    }

    /// The label of a class, which must be one of the network's; `nil` where the model has none.
    public func label(of classIndex: Int) -> String? {
        precondition(classIndex >= 0 && classIndex < network.classes, "class \(classIndex) of \(network.classes)")
        return labels?[classIndex]
    }

    /// The class that `text` names: an index, a label, or one of the names in a label ("tabby" in "tabby, tabby cat").
    ///
    /// Upper and lower case count only where the label would otherwise not be found. Throws
    /// ``ModelsError/unknownClass(text:classes:hasLabels:)`` or ``ModelsError/ambiguousClass(text:candidates:)``.
    public func classIndex(named text: String) throws(ModelsError) -> Int {
        if let index = Int(text), index >= 0, index < network.classes { return index }
        let wanted = text.lowercased()
        let matches: [(String) -> Bool] = [
            { $0 == text },
            { $0.lowercased() == wanted },
            { $0.lowercased().split(separator: ",").contains { $0.drop { $0 == " " } == wanted } },
        ]
        for isMatch in matches {
            let found = (labels ?? []).indices.filter { isMatch(labels?[$0] ?? "") }
            if found.count == 1 { return found[0] }
            if found.count > 1 { throw .ambiguousClass(text: text, candidates: found) }
        }
        throw .unknownClass(text: text, classes: network.classes, hasLabels: labels != nil)
    }

    /// The network's input made from a picture.
    ///
    /// Throws ``ModelsError/imageRefused(model:)`` where the model has no preprocessing, and
    /// ``ModelsError/imageSize(height:width:expected:)`` where the picture cannot be brought to size.
    public func prepare(_ image: Image) throws(ModelsError) -> PreparedInput {
        guard let preprocessing else { throw .imageRefused(model: name) }
        let input = try preprocessing.prepare(image)
        guard input.tensor.shape == network.inputShape else {
            throw .imageSize(
                height: image.height, width: image.width,
                expected: "\(network.inputShape[1]) and \(network.inputShape[2])")
        }
        return input
    }

    /// The network's input given as an array, [C, H, W] or [1, C, H, W]: preprocessing is skipped.
    ///
    /// Throws ``ModelsError/inputShape(expected:actual:)`` or ``ModelsError/inputNotFinite(position:)``.
    public func prepare(_ array: Tensor) throws(ModelsError) -> PreparedInput {
        let expected = network.inputShape
        guard array.shape == expected || array.shape == Shape([1] + expected.dimensions) else {
            throw .inputShape(expected: expected, actual: array.shape)
        }
        if let index = array.values.firstIndex(where: { !$0.isFinite }) {
            let (rows, columns) = (expected[1], expected[2])
            throw .inputNotFinite(position: [index / (rows * columns), index / columns % rows, index % columns])
        }
        return PreparedInput(tensor: array.reshaped(to: expected), frame: nil)
    }
}
