/// What the removal of some feature maps does to the network's answers about a labelled set.
public struct AccuracyFall: Equatable, Sendable {
    /// The feature maps set to zero together.
    public let featureMaps: [Int]
    /// Right answers, first of the whole network, second without the maps.
    public let top1: PairedCounts
    /// The same of right answers among the five most probable classes.
    public let top5: PairedCounts
    /// The images about which the most probable class is another one, in the order of the set.
    public let flips: AnswerFlips
}

/// The images about which the network answers otherwise without some feature maps, in the order of the set.
///
/// Kept as a list for each removal they could be millions, so they are found in the outcomes each time they are asked for.
public struct AnswerFlips: Sequence, Equatable, Sendable {
    let table: AccuracyTable
    let removal: Int
    /// How many there are.
    public let count: Int

    /// Goes through the images of the set.
    public struct Iterator: IteratorProtocol {
        let table: AccuracyTable
        let removal: Int
        var place = 0

        /// The next image whose answer changes.
        public mutating func next() -> AnswerFlip? {
            while place < table.rows.count {
                defer { place += 1 }
                if let flip = table.rows[place].flip(without: removal) { return flip }
            }
            return nil
        }
    }

    /// From the first image.
    public func makeIterator() -> Iterator { Iterator(table: table, removal: removal) }

    /// How many there are.
    public var underestimatedCount: Int { count }

    /// Whether both are the same flips of the same images.
    public static func == (left: AnswerFlips, right: AnswerFlips) -> Bool { left.elementsEqual(right) }
}

/// An image about which the network answers otherwise without some feature maps.
public struct AnswerFlip: Hashable, Sendable {
    /// The image's index in the set.
    public let image: Int
    /// The most probable class in the whole network.
    public let from: Int
    /// The most probable class without the maps.
    public let to: Int

    /// A flip of these parts.
    public init(image: Int, from: Int, to: Int) {
        self.image = image
        self.from = from
        self.to = to
    }
}

/// What the feature maps of a layer contribute to the network's accuracy on a labelled set.
public struct AccuracyExplanation: Sendable {
    /// The canonical name of the layer.
    public let layer: String
    /// How many images were counted.
    public let images: Int
    /// About how many of them the whole network's most probable class is right.
    public let top1: Int
    /// About how many of them one of its five most probable classes is right.
    public let top5: Int
    /// The removals, largest fall of top-1 first, then of top-5; in the order of the arrays on a tie.
    public let ranked: [AccuracyFall]
    /// The removal of the whole layer.
    public let layerRemoved: AccuracyFall
    /// The removals in the order of the arrays: of the indices of single maps, of the request for groups.
    public let falls: [AccuracyFall]

    /// An explanation of these parts; the ranking follows from them.
    public init(
        layer: String, images: Int, top1: Int, top5: Int, falls: [AccuracyFall], layerRemoved: AccuracyFall
    ) {
        self.layer = layer
        self.images = images
        self.top1 = top1
        self.top5 = top5
        self.falls = falls
        self.layerRemoved = layerRemoved
        let order = falls.indices.sorted { left, right in
            let (l, r) = (falls[left], falls[right])
            return (r.top1.lost, r.top5.lost, left) < (l.top1.lost, l.top5.lost, right)
        }
        ranked = order.map { falls[$0] }
    }
}

extension PairedCounts {
    /// How many right answers fewer the second gives.
    fileprivate var lost: Int { firstOnly - secondOnly }
}
