/// The outcomes of images, counted.
struct AccuracyTable {
    /// An image, and its outcomes: of the whole network, then of each removal.
    struct Row {
        let image: Int
        let outcomes: ArraySlice<ImageOutcome>

        var whole: ImageOutcome { outcomes[outcomes.startIndex] }

        func outcome(without removal: Int) -> ImageOutcome { outcomes[outcomes.startIndex + 1 + removal] }

        /// The image with its answers where the removal changes them; nil where it does not.
        func flip(without removal: Int) -> AnswerFlip? {
            let (from, to) = (whole.topClass, outcome(without: removal).topClass)
            return from == to ? nil : AnswerFlip(image: image, from: from, to: to)
        }
    }

    /// In the order of the images.
    let rows: [Row]
    /// What is removed; last the whole layer.
    let groups: [[Int]]

    func explanation(layer: String) -> AccuracyExplanation {
        let falls = groups.indices.map(fall)
        return AccuracyExplanation(
            layer: layer, images: rows.count, top1: rows.count { $0.whole.isTop1 },
            top5: rows.count { $0.whole.isTop5 },
            falls: Array(falls.dropLast()), layerRemoved: falls[groups.count - 1])
    }

    private func fall(_ removal: Int) -> AccuracyFall {
        var (top1, top5) = (PairedCounts(), PairedCounts())
        var flips = 0
        for row in rows {
            let (whole, without) = (row.whole, row.outcome(without: removal))
            top1.count(first: whole.isTop1, second: without.isTop1)
            top5.count(first: whole.isTop5, second: without.isTop5)
            if whole.topClass != without.topClass { flips += 1 }
        }
        return AccuracyFall(
            featureMaps: groups[removal], top1: top1, top5: top5,
            flips: AnswerFlips(table: self, removal: removal, count: flips))
    }
}
