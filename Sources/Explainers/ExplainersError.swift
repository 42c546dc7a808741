/// An option that does not fit the model, or an explanation that has no number for an answer.
public enum ExplainersError: Error, Equatable, Sendable {
    /// A feature map that the layer does not have.
    case featureMap(Int, layer: String, count: Int)
    /// A feature map named twice in one list or group.
    case repeatedFeatureMap(Int)
    /// A list, or a group, of no feature maps.
    case noFeatureMaps
    /// The `top` of more than there are, or of none.
    case top(Int, allowed: Int, of: String)
    /// A unit outside its layer.
    case unit(UnitPosition, layer: String, height: Int, width: Int)
    /// A position in a layer that has none.
    case unitOfDenseLayer(UnitPosition, layer: String)
    /// A patch of no pixels.
    case patch(Int)
    /// A stride of no pixels.
    case stride(Int)
    /// A fill that is neither one number nor one a channel.
    case fillCount(Int, channels: Int)
    /// A fill that is not a finite number.
    case fillValue(index: Int)
    /// A class that the model does not have.
    case classIndex(Int, count: Int)
    /// A choice of the strongest feature maps, which only one image makes.
    case selectionOfOneImage
    /// A class to watch, where each image has its own.
    case targetOfLabelledSet
    /// A set of no images.
    case noImages
    /// A result that came out as NaN or infinity.
    case notFinite(String)
    /// Bytes that are no partial result of the shard they were kept for.
    case malformedPartial(String)
}

extension ExplainersError {
    /// True where the request is well formed but has no answer for this image; false where an option is wrong.
    public var isRefusal: Bool {
        if case .notFinite = self { return true }
        return false
    }
}

extension ExplainersError: CustomStringConvertible {
    /// What is wrong and what is allowed, in words.
    public var description: String {
        switch self {
        case .featureMap(let index, let layer, let count):
            "no feature map \(index) in '\(layer)'; it has \(Self.range(count))"
        case .repeatedFeatureMap(let index): "feature map \(index) is named twice"
        case .noFeatureMaps: "no feature map is named; at least one is needed"
        case .top(let count, let allowed, let things):
            "top \(count) \(things) is not possible; allowed are 1 … \(allowed)"
        case .unit(let unit, let layer, let height, let width):
            "no unit \(unit.y),\(unit.x) in '\(layer)'; y is \(Self.range(height)) and x is \(Self.range(width))"
        case .unitOfDenseLayer(let unit, let layer):
            "'\(layer)' has no positions, so there is no unit \(unit.y),\(unit.x); leave the unit out"
        case .patch(let size): "a patch of \(size) pixels is not possible; it is at least 1"
        case .stride(let size): "a stride of \(size) pixels is not possible; it is at least 1"
        case .fillCount(let count, let channels):
            "a fill of \(count) numbers is not possible; it is one number\(channels > 1 ? ", or \(channels)" : "")"
        case .fillValue(let index): "number \(index + 1) of the fill is not finite"
        case .classIndex(let index, let count): "no class \(index); the model has \(Self.range(count))"
        case .selectionOfOneImage:
            "which feature maps are strongest differs from image to image; over a data set name them: all, 7, 7,9 or 3+5"
        case .targetOfLabelledSet: "over a data set no class is chosen: each image's label is what is right"
        case .noImages: "there is no image in the data set"
        case .notFinite(let what): "\(what) is not a finite number"
        case .malformedPartial(let reason): "a partial result that was kept is damaged: \(reason)"
        }
    }

    private static func range(_ count: Int) -> String {
        count == 1 ? "0 only" : "0 … \(count - 1)"
    }
}
