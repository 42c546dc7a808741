import Explainers
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// Ablation on a labelled set, against whole passes without the maps.
@Suite struct AccuracyTests {
    private struct Images: LabelledImages {
        let model: Model
        let labels: [[Int]]

        var count: Int { labels.count }
        func classes(of index: Int) -> [Int] { labels[index] }
        func input(_ index: Int) throws -> PreparedInput {
            // Channels of different strength, so that images differ in more than noise.
            let noise = randomTensor(shape: [3, 12, 10], seed: UInt64(100 + index)).values
            let values = noise.enumerated().map { $1 + Float((index * 7 + $0 / 120 * 5) % 11 - 5) }
            return try model.prepare(Tensor(shape: [3, 12, 10], values: values))
        }
    }

    private let model: Model
    private let images: Images

    init() throws {
        // More classes than five, so that top-5 is something else than all.
        model = TestModels.model(
            try TinyNetworks.single(channels: 3, height: 12, width: 10, maps: 6, classes: 9))
        images = Images(model: model, labels: (0..<23).map { $0 % 4 == 0 ? [$0 % 9, 3] : [$0 % 9] })
    }

    private func logits(_ image: Int, removing maps: [Int]) throws -> [Float] {
        let layer = try model.network.layer(named: "act")
        let removals = maps.isEmpty ? [] : [FeatureMapRemoval(layer: layer, featureMaps: [maps])]
        return try ForwardPass.run(
            model.network, try images.input(image).tensor, removing: removals, context: KernelContext()
        ).logits.values
    }

    /// The classes as the house orders them: larger logits first, the lower class on a tie.
    private func order(_ image: Int, removing maps: [Int]) throws -> [Int] {
        let logits = try logits(image, removing: maps)
        return logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
    }

    /// A fall with its flips as a list.
    private struct Fall: Equatable {
        let featureMaps: [Int]
        let top1: PairedCounts
        let top5: PairedCounts
        let flips: [AnswerFlip]

        init(featureMaps: [Int], top1: PairedCounts, top5: PairedCounts, flips: [AnswerFlip]) {
            (self.featureMaps, self.top1, self.top5, self.flips) = (featureMaps, top1, top5, flips)
        }

        init(_ fall: AccuracyFall) {
            self.init(featureMaps: fall.featureMaps, top1: fall.top1, top5: fall.top5, flips: Array(fall.flips))
        }
    }

    private func expected(removing maps: [Int]) throws -> Fall {
        var (top1, top5) = (PairedCounts(), PairedCounts())
        var flips: [AnswerFlip] = []
        for image in 0..<images.count {
            let (whole, without) = (try order(image, removing: []), try order(image, removing: maps))
            let right = Set(images.classes(of: image))
            Self.count(!right.isDisjoint(with: whole.prefix(1)), !right.isDisjoint(with: without.prefix(1)), in: &top1)
            Self.count(!right.isDisjoint(with: whole.prefix(5)), !right.isDisjoint(with: without.prefix(5)), in: &top5)
            if whole[0] != without[0] { flips.append(AnswerFlip(image: image, from: whole[0], to: without[0])) }
        }
        return Fall(featureMaps: maps, top1: top1, top5: top5, flips: flips)
    }

    private static func count(_ first: Bool, _ second: Bool, in counts: inout PairedCounts) {
        if first, second { counts.both += 1 }
        if first, !second { counts.firstOnly += 1 }
        if !first, second { counts.secondOnly += 1 }
        if !first, !second { counts.neither += 1 }
    }

    private func explainer(_ removals: RemovalSelection = .each) throws -> AccuracyExplainer {
        try AccuracyExplainer(
            model: model, images: images, options: AblationOptions(layer: "act", removals: removals))
    }

    @Test func countsWhatWholePassesGive() throws {
        let found = try explainer().explanation()
        #expect(found.images == 23 && found.falls.count == 6)
        for map in 0..<6 { #expect(Fall(found.falls[map]) == (try expected(removing: [map]))) }
        #expect(Fall(found.layerRemoved) == (try expected(removing: Array(0..<6))))
        #expect(found.top1 == found.layerRemoved.top1.both + found.layerRemoved.top1.firstOnly)
        let flips = (found.falls + [found.layerRemoved]).map(\.flips)
        #expect(flips.contains { $0.count > 0 } && flips.allSatisfy { $0.count == Array($0).count })
    }

    @Test func keepsFourBytesOfEachImageAndRemoval() throws {
        let estimate = { (images: Int) in
            let set = Images(model: model, labels: Array(repeating: [0], count: images))
            return try AccuracyExplainer(model: model, images: set, options: AblationOptions(layer: "act")).estimate
                .bytes
        }
        // Six maps, the layer, and the whole network; once as results are kept, once as they are counted.
        #expect(try estimate(1_100) - estimate(100) == 1_000 * 8 * 2 * 4)
        let groundwork = try explainer().prepare(KernelContext(), passes: FreshPasses())
        let partial = try explainer().run(Shard(first: 0, count: 2), from: groundwork, KernelContext())
        #expect(try explainer().encoded(partial).count == 4 + 2 * 8 * 4)
    }

    @Test func removesGroupsTogether() throws {
        let groups = [[5, 1], [2]]
        let found = try explainer(.groups(groups)).explanation()
        #expect(found.falls.map(Fall.init) == (try groups.map(expected)))
    }

    @Test func ranksByWhatIsLost() throws {
        let found = try explainer().explanation()
        let lost = { (fall: AccuracyFall) in
            [
                fall.top1.secondOnly - fall.top1.firstOnly, fall.top5.secondOnly - fall.top5.firstOnly,
                fall.featureMaps[0],
            ]
        }
        #expect(found.ranked == found.falls.sorted { lost($0).lexicographicallyPrecedes(lost($1)) })
    }

    @Test func isTheSameHoweverItIsCutAndPutTogether() throws {
        let explainer = try explainer()
        let whole = try explainer.explanation()
        let shards = [Shard(first: 20, count: 3), Shard(first: 0, count: 1), Shard(first: 1, count: 19)]
        let cut = try explainer.explanation(shards: shards)
        #expect(cut.falls == whole.falls && cut.layerRemoved == whole.layerRemoved)
    }

    @Test func partialResultsSurviveAsBytes() throws {
        let explainer = try explainer()
        let groundwork = explainer.prepare(KernelContext(), passes: FreshPasses())
        let partials = try explainer.plan().map { shard in
            let bytes = explainer.encoded(try explainer.run(shard, from: groundwork, KernelContext()))
            #expect(throws: ExplainersError.self) {
                try explainer.decoded(bytes.dropLast(), of: shard, from: groundwork)
            }
            return try explainer.decoded(bytes, of: shard, from: groundwork)
        }
        #expect(explainer.merge(partials, from: groundwork).falls == (try explainer.explanation().falls))
    }

    @Test func countsTheImagesThatAreDone() throws {
        let explainer = try explainer()
        let groundwork = explainer.prepare(KernelContext(), passes: FreshPasses())
        let first = try explainer.run(Shard(first: 0, count: 9), from: groundwork, KernelContext())
        let rest = try #require(explainer.placeholder(for: Shard(first: 9, count: 14), from: groundwork))
        let found = explainer.merge([first, rest], from: groundwork)
        #expect(found.images == 9 && found.layerRemoved.top1.images == 9)
        let none = try #require(explainer.placeholder(for: Shard(first: 0, count: 23), from: groundwork))
        #expect(explainer.merge([none], from: groundwork).images == 0)
    }

    @Test func refusesWhatOneImageAloneDecides() {
        for removals in [RemovalSelection.strongest, .top(3)] {
            #expect(throws: ExplainersError.selectionOfOneImage) { try explainer(removals) }
        }
        #expect(throws: ExplainersError.targetOfLabelledSet) {
            try AccuracyExplainer(model: model, images: images, options: AblationOptions(target: .index(2)))
        }
        #expect(throws: ExplainersError.noImages) {
            try AccuracyExplainer(model: model, images: Images(model: model, labels: []))
        }
    }
}
