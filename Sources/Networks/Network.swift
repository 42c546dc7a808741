public import Tensors

/// A classifier ready to run: layers in order, each reading only layers before it.
///
/// It is made from a graph once and never changes. Batch normalization has been folded, identities are gone, ReLUs and
/// clips belong to the layer before them, and the final softmax is cut off: the network ends at the logits.
public struct Network: Sendable {
    /// The name of the input's value.
    public let inputName: String
    /// The shape of one image: [C, H, W].
    public let inputShape: Shape
    /// The layers in order of execution; the index of each is its position.
    public let layers: [Layer]
    /// How many classes it tells apart: the logits of one image.
    public let classes: Int
    /// The layer whose activation is the logits.
    public let outputLayer: Layer
    /// The last convolution or dense layer.
    public let classifier: Layer
    /// The layer that is looked at where none is named: the last with height and width below the classifier.
    ///
    /// The mean of whole maps does not count. Without any such layer it is the classifier.
    public let defaultLayer: Layer
    /// What passes need to know beforehand.
    package let plan: PassPlan
    private let directory: LayerDirectory

    /// The network that ends at the graph's output of that name, by default its first.
    ///
    /// Throws an error that names the node for a graph whose names, parameters or shapes do not fit together.
    public init(_ graph: NetworkGraph, output: String? = nil) throws(NetworksError) {
        var draft = try GraphOrdering.draft(of: graph, output: output)
        try SoftmaxCut.apply(to: &draft)
        try IdentityRemoval.apply(to: &draft)
        try BatchNormalizationFolding.apply(to: &draft)
        try ActivationFusion.apply(to: &draft)
        let names = CanonicalNames.choose(for: draft.layers)
        let layers = try LayerAssembly(draft, names: names).layers()
        guard let last = draft.producers()[draft.output] else { throw .emptyGraph }
        let shape = layers[last].shape
        guard layers[last].height == 1, layers[last].width == 1 else {
            throw .outputIsNotClasses(layer: names[last], shape: shape)
        }
        guard let classifier = layers.last(where: { $0.kind == .convolution || $0.kind == .dense }) else {
            throw .noClassifier
        }
        inputName = draft.input.name
        inputShape = Shape([draft.input.channels, draft.input.height, draft.input.width])
        self.layers = layers
        classes = shape.count
        outputLayer = layers[last]
        self.classifier = classifier
        plan = PassPlan(layers, output: last)
        let below = plan.ancestors(of: classifier.index)
        defaultLayer =
            layers[..<classifier.index].last { below[$0.index] && $0.hasPositions && $0.kind != .globalAveragePooling }
            ?? classifier
        directory = LayerDirectory(draft.layers, names: names)
    }

    /// The layer of this name: its canonical name, that of any of its nodes or values, or a unique part of one before
    /// `_relu`, `_clip`, `_concat`, `_add` or `/`.
    ///
    /// Throws an error that lists the layers for any other name, and the candidates for one that is short for several.
    public func layer(named name: String) throws(NetworksError) -> Layer {
        layers[try directory.position(of: name)]
    }
}
