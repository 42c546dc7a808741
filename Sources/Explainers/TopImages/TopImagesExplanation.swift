public import Imaging
public import Tensors

/// The images that excite one feature map most.
public struct TopImages: Sendable {
    /// The feature map.
    public let featureMap: Int
    /// Nine images at most, strongest first, the lower index first on a tie; only those whose activation is above 0.
    public let exciters: [Exciter]

    /// The images of a map.
    public init(featureMap: Int, exciters: [Exciter]) {
        self.featureMap = featureMap
        self.exciters = exciters
    }
}

/// One image that excites a feature map, and what in it does so.
public struct Exciter: Sendable {
    /// The image's index in the set.
    public let image: Int
    /// The projection of the unit that the image excites most.
    public let projection: Projection
    /// The part of the picture that the network sees; nil where arrays were given.
    public let frame: Image?
    /// The network's input, [C, H, W].
    public let input: Tensor

    /// An image with its projection.
    public init(image: Int, projection: Projection, frame: Image?, input: Tensor) {
        self.image = image
        self.projection = projection
        self.frame = frame
        self.input = input
    }
}

/// What excites the feature maps of a layer most in a set of images (Zeiler & Fergus, figure 2).
public struct TopImagesExplanation: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// How many images were looked at.
    public let images: Int
    /// How the projections were made.
    public let options: DeconvNetOptions
    /// The feature maps asked for, in that order, or strongest first.
    public let maps: [TopImages]

    /// An explanation of these parts.
    public init(layer: String, images: Int, options: DeconvNetOptions, maps: [TopImages]) {
        self.layer = layer
        self.images = images
        self.options = options
        self.maps = maps
    }
}

extension TopImagesExplanation {
    /// How many images a map has at most.
    public var places: Int { [Excitation].mostImages }
}
