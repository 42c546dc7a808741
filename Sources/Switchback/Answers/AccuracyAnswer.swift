internal import Explainers
internal import Models

/// What a network's accuracy on a labelled set loses when feature maps of one layer are set to zero.
public struct AccuracyAnswer: Equatable, Sendable {
    /// The layer's canonical name.
    public let layer: String
    /// How many images were counted.
    public let images: Int
    /// The share of them about which the most probable class is right; nil where there are none.
    public let top1: Double?
    /// The share of them about which one of the five most probable classes is right.
    public let top5: Double?
    /// Every removal, largest fall of top-1 first, then of top-5.
    public let falls: [Fall]
    /// The whole layer removed.
    public let layerRemoved: Fall

    /// One removal.
    public struct Fall: Equatable, Sendable {
        /// The maps set to zero together.
        public let featureMaps: [Int]
        /// Unablated − ablated share of right answers.
        public let top1: Difference
        /// The same of right answers among the five most probable classes.
        public let top5: Difference
        /// The images about which the most probable class is another one.
        public let flips: Flips
    }

    /// The images of a removal whose answer changes, found in the outcomes each time they are asked for.
    public struct Flips: Sequence, Equatable, Sendable {
        fileprivate let flips: AnswerFlips
        fileprivate let images: [DatasetImage]

        /// How many there are.
        public var count: Int { flips.count }

        /// How many there are.
        public var underestimatedCount: Int { flips.count }

        /// In the order of the set.
        public func makeIterator() -> AnyIterator<Flip> {
            var rest = flips.makeIterator()
            return AnyIterator { [images] in
                rest.next().map { Flip(image: images[$0.image].name, from: $0.from, to: $0.to) }
            }
        }

        /// Whether both are the same flips of images of the same names.
        public static func == (left: Flips, right: Flips) -> Bool { left.elementsEqual(right) }
    }

    /// A difference of shares with its 95 % confidence interval.
    public struct Difference: Equatable, Sendable {
        /// The difference, −1 … 1.
        public let value: Double
        /// Where the interval begins.
        public let low: Double
        /// Where it ends.
        public let high: Double
    }

    /// An image whose answer changed.
    public struct Flip: Equatable, Sendable {
        /// Its name in the set.
        public let image: String
        /// The most probable class in the whole network.
        public let from: Int
        /// The most probable class without the maps.
        public let to: Int
    }
}

extension AccuracyAnswer {
    init(_ explanation: AccuracyExplanation, images: [DatasetImage], model: Model) {
        layer = explanation.layer
        self.images = explanation.images
        let share = { (hits: Int) -> Double? in explanation.images > 0 ? Double(hits) / Double(explanation.images) : nil
        }
        top1 = share(explanation.top1)
        top5 = share(explanation.top5)
        falls = explanation.ranked.map { Fall($0, images: images) }
        layerRemoved = Fall(explanation.layerRemoved, images: images)
    }
}

extension AccuracyAnswer.Fall {
    fileprivate init(_ fall: AccuracyFall, images: [DatasetImage]) {
        featureMaps = fall.featureMaps
        top1 = AccuracyAnswer.Difference(fall.top1.difference)
        top5 = AccuracyAnswer.Difference(fall.top5.difference)
        flips = AccuracyAnswer.Flips(flips: fall.flips, images: images)
    }
}

extension AccuracyAnswer {
    /// The most bytes that its flips take as text: as many as there are, which nobody knows before.
    var listedBytes: Int {
        // `{"image":"","from":,"to":},` and two class indices.
        (falls + [layerRemoved]).reduce(0) { sum, fall in
            fall.flips.reduce(sum) { $0 + 28 + 20 + Self.escapedLength($1.image) }
        }
    }

    /// The bytes of a text with an escape wherever JSON may need one.
    private static func escapedLength(_ text: String) -> Int {
        text.utf8.reduce(0) { $0 + ($1 < 0x20 || $1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 6 : 1) }
    }
}

extension AccuracyAnswer.Difference {
    fileprivate init(_ difference: PairedDifference) {
        (value, low, high) = (difference.value, difference.low, difference.high)
    }
}
