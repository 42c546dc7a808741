import Explainers
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// The images that excite feature maps most, against a plain search through all activations.
@Suite struct TopImagesTests {
    private struct Images: ImageSet {
        let model: Model
        var count = 30

        /// Every third image is the one before it again, so that there are ties.
        func input(_ index: Int) throws -> PreparedInput {
            let seed = UInt64(500 + (index % 3 == 2 ? index - 1 : index))
            return try model.prepare(randomTensor(shape: [3, 12, 10], seed: seed))
        }
    }

    private let model: Model
    private let images: Images

    init() throws {
        model = TestModels.model(try TinyNetworks.double(height: 12, width: 10))
        images = Images(model: model)
    }

    private func explainer(_ maps: FeatureMapSelection = .all, layer: String = "relu2") throws -> TopImagesExplainer {
        try TopImagesExplainer(model: model, images: images, layer: layer, featureMaps: maps)
    }

    /// (activation, image) of every image that excites a map, strongest first.
    private func expected(_ map: Int, layer: String = "relu2") throws -> [(value: Float, image: Int)] {
        try (0..<images.count).map { image in
            let input = try images.input(image)
            let maps = try ActivationsExplainer(model: model, input: input, layer: layer).explanation().activations
            return (maps.slice(map).values.max() ?? 0, image)
        }
        .filter { $0.value > 0 }.sorted { ($1.value, $0.image) < ($0.value, $1.image) }
    }

    @Test(arguments: ["relu1", "relu2"])
    func findsTheNineStrongestOfAll(layer: String) throws {
        let found = try explainer(layer: layer).explanation()
        #expect(found.images == 30)
        for map in found.maps {
            let expected = try expected(map.featureMap, layer: layer).prefix(9)
            #expect(map.exciters.map(\.image) == expected.map(\.image), "map \(map.featureMap)")
            #expect(map.exciters.map(\.projection.activation) == expected.map(\.value))
        }
        #expect(found.maps.contains { $0.exciters.count == 9 })
    }

    @Test func theLowerIndexComesFirstOnATie() throws {
        let found = try explainer().explanation()
        let exciters = found.maps.flatMap { map in zip(map.exciters, map.exciters.dropFirst()) }
        let ties = exciters.filter { $0.projection.activation == $1.projection.activation }
        #expect(!ties.isEmpty && ties.allSatisfy { $0.image < $1.image })
    }

    @Test func projectsWhatTheImageAloneProjects() throws {
        let found = try explainer(.maps([3, 11])).explanation()
        #expect(found.maps.map(\.featureMap) == [3, 11])
        for map in found.maps {
            for exciter in map.exciters {
                let alone = try DeconvNetExplainer(
                    model: model, input: try images.input(exciter.image), layer: "relu2",
                    featureMaps: .maps([map.featureMap])
                ).explanation()
                #expect(alone.projections == [exciter.projection])
                #expect(exciter.input.values == (try images.input(exciter.image)).tensor.values)
            }
        }
    }

    @Test func isTheSameHoweverItIsCut() throws {
        let explainer = try explainer(.top(3))
        let whole = try explainer.explanation()
        let shards = [Shard(first: 17, count: 13), Shard(first: 0, count: 1), Shard(first: 1, count: 16)]
        let cut = try explainer.explanation(shards: shards)
        #expect(cut.maps.map(\.featureMap) == whole.maps.map(\.featureMap))
        #expect(cut.maps.map { $0.exciters.map(\.projection) } == whole.maps.map { $0.exciters.map(\.projection) })
        let strength = try expectedStrength()
        let strongest = strength.indices.sorted { (strength[$1], $0) < (strength[$0], $1) }
        #expect(whole.maps.map(\.featureMap) == Array(strongest.prefix(3)))
    }

    private func expectedStrength() throws -> [Float] { try (0..<18).map { try expected($0).first?.value ?? 0 } }

    @Test func partialResultsSurviveAsBytes() throws {
        let explainer = try explainer(.top(2))
        let groundwork = explainer.prepare(KernelContext(), passes: FreshPasses())
        let partials = try explainer.plan().map { shard in
            let bytes = explainer.encoded(try explainer.run(shard, from: groundwork, KernelContext()))
            #expect(throws: ExplainersError.self) {
                try explainer.decoded(bytes.dropLast(), of: shard, from: groundwork)
            }
            return try explainer.decoded(bytes, of: shard, from: groundwork)
        }
        let found = try explainer.merge(partials, from: groundwork)
        let whole = try explainer.explanation()
        #expect(found.maps.map { $0.exciters.map(\.image) } == whole.maps.map { $0.exciters.map(\.image) })
    }

    @Test func knowsNothingBeforeAnImageIsLookedAt() throws {
        let explainer = try explainer(.maps([4]))
        let groundwork = explainer.prepare(KernelContext(), passes: FreshPasses())
        let none = try #require(explainer.placeholder(for: Shard(first: 0, count: 30), from: groundwork))
        let found = try explainer.merge([none], from: groundwork)
        #expect(found.images == 0 && found.maps.map(\.exciters.count) == [0])
    }

    @Test func refusesWhatIsWrong() {
        #expect(throws: ExplainersError.self) { try explainer(.maps([18])) }
        #expect(throws: ExplainersError.noImages) {
            try TopImagesExplainer(model: model, images: Images(model: model, count: 0))
        }
    }
}
