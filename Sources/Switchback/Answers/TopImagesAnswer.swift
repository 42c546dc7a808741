internal import Explainers

/// The images of a set that excite feature maps most, with the projections of their units.
public struct TopImagesAnswer: Sendable {
    /// The layer's canonical name.
    public let layer: String
    /// How many images were looked at.
    public let images: Int
    /// The feature maps asked for, or strongest first.
    public let maps: [Map]

    /// One feature map.
    public struct Map: Sendable {
        /// Its index.
        public let featureMap: Int
        /// Nine images at most, strongest first.
        public let exciters: [Exciter]
    }

    /// One image.
    public struct Exciter: Sendable {
        /// Its name in the set.
        public let image: String
        /// The digest of its bytes.
        public let sha256: String
        /// The unit that it excites most, with its projection.
        public let projection: ProjectionAnswer
    }
}

extension TopImagesAnswer {
    init(_ explanation: TopImagesExplanation, images: [DatasetImage]) {
        layer = explanation.layer
        self.images = explanation.images
        maps = explanation.maps.map { map in
            Map(
                featureMap: map.featureMap,
                exciters: map.exciters.map {
                    Exciter(
                        image: images[$0.image].name, sha256: images[$0.image].sha256,
                        projection: ProjectionAnswer($0.projection))
                })
        }
    }
}
