import Concurrency
import Foundation
import Kernels
import Models
import Networks
import TestSupport
import Testing

@testable import Explainers
@testable import Switchback

/// Where the package puts its photos.
private let stamps = "/usr/share/tuxpaint/stamps"

/// Ablation over 111 labelled photos against plain PyTorch, image by image (`Tests/Fixtures/accuracy-as-pytorch`).
///
/// The photos are Debian's `tuxpaint-stamps-default`, which ./test installs where it can.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: stamps), "apt-get install tuxpaint-stamps-default"))
struct AccuracyReferenceTests {
    /// What `make.py` wrote.
    private struct Expected: Decodable {
        let layers: [String: [[Int]?]]
        let close: [Close]
        let images: [Image]

        struct Image: Decodable {
            let name: String
            let sha256: String
            /// The most probable class, whether it is right, whether a right one is among the first five.
            let answers: [[Int]]
        }

        /// An answer that rounding alone may change.
        struct Close: Decodable {
            let image: String
            let answer: Int
            let first: Int

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                image = try values.decode(String.self)
                answer = try values.decode(Int.self)
                first = try values.decode(Int.self)
            }
        }

        func isClose(_ image: String, _ answer: Int) -> Bool {
            close.contains { $0.image == image && $0.answer == answer }
        }
    }

    private let expected: Expected
    private let engine: ExplanationEngine
    private let set: OpenDataset

    init() throws {
        expected = try JSONDecoder().decode(
            Expected.self, from: Data(try Fixtures.bytes("accuracy-as-pytorch/expected.json")))
        engine = try ExplanationEngine(
            library: try ModelLibrary(directories: [Fixtures.root.appendingPathComponent("Models").path]),
            pool: ComputePool(threads: 2))
        let table = Fixtures.url("accuracy-as-pytorch/labels.csv").path
        set = try DatasetFolder(path: stamps, table: table, images: EngineLimits()).open(name: "stamps")
    }

    @Test func readsTheSamePhotos() {
        #expect(set.dataset.broken.isEmpty && set.dataset.images.count == 111)
        let digests = Dictionary(uniqueKeysWithValues: set.dataset.images.map { ($0.name, $0.sha256) })
        for image in expected.images { #expect(digests[image.name] == image.sha256, "\(image.name)") }
    }

    @Test func fewAnswersHangOnRounding() {
        let answers = expected.images.reduce(0) { $0 + $1.answers.count }
        #expect(answers == 111 * 48 && expected.close.count < answers / 500, "\(expected.close)")
    }

    /// The answers of the layers follow one another, those about the whole network come first.
    @Test(arguments: [("fire9_concat", 1), ("fire5_concat", 38)])
    func agreesWithPyTorchImageByImage(layer: String, first: Int) throws {
        let removals = try #require(expected.layers[layer])
        let groups = removals.compactMap(\.self)
        #expect(groups.count == removals.count - 1 && removals.last == .some(nil), "the whole layer comes last")
        let model = try engine.library.model(named: nil)
        let explainer = try AccuracyExplainer(
            model: model, images: try labelled(model), options: AblationOptions(layer: layer, removals: .groups(groups))
        )
        let answers = Dictionary(uniqueKeysWithValues: expected.images.map { ($0.name, $0.answers) })
        for shard in explainer.plan() {
            let turns = Turns(engine.pool, priority: .background, token: .never, context: engine.kernels)
            let outcomes = try explainer.run(shard, from: AccuracyExplainer.Groundwork(), turns).outcomes
            for (place, image) in shard.items.enumerated() {
                let name = set.dataset.images[image].name
                let indices = [0] + Array(first..<first + removals.count)
                for (offset, index) in indices.enumerated() where !expected.isClose(name, index) {
                    let found = outcomes[place * indices.count + offset]
                    #expect(
                        [found.topClass, found.isTop1 ? 1 : 0, found.isTop5 ? 1 : 0] == answers[name]?[index],
                        "\(name), answer \(index)")
                }
            }
        }
    }

    @Test func theFallsAreThoseOfPyTorch() throws {
        let model = try engine.library.model(named: nil)
        let removals = try #require(expected.layers["fire9_concat"])
        let explainer = try AccuracyExplainer(
            model: model, images: try labelled(model),
            options: AblationOptions(layer: "fire9", removals: .groups(removals.compactMap(\.self))))
        let found = try Sweep.run(explainer, pool: engine.pool, context: engine.kernels)
        for (index, fall) in (found.falls + [found.layerRemoved]).enumerated() {
            let isClose = expected.close.contains { $0.answer == 0 || $0.answer == 1 + index }
            let lost = { (place: Int) in
                expected.images.reduce(0) { $0 + $1.answers[0][place] - $1.answers[1 + index][place] }
            }
            guard !isClose else { continue }
            #expect(fall.top1.firstOnly - fall.top1.secondOnly == lost(1))
            #expect(fall.top5.firstOnly - fall.top5.secondOnly == lost(2))
        }
    }

    private func labelled(_ model: Model) throws -> LabelledDataset {
        try LabelledDataset(PlainDataset(model: model, open: set, engine: engine))
    }
}
