import Concurrency
import Foundation
import Models
import TestSupport
import Testing

@testable import Switchback

/// Labels as classes of a model, and ablation over images that are kept anywhere.
struct LabelledDatasetTests {
    private let engine: ExplanationEngine
    private let photos: [String: [UInt8]]

    init() throws {
        engine = try ExplanationEngine(
            library: try ModelLibrary(directories: [Fixtures.root.appendingPathComponent("Models").path]),
            pool: ComputePool(threads: 2))
        photos = ["cat": try Fixtures.bytes("images/chelsea.png"), "cup": try Fixtures.bytes("images/coffee.png")]
    }

    private func set(_ labels: KeyValuePairs<String, String?>) -> OpenDataset {
        let photos = photos
        let images = labels.map { name, label in
            DatasetImage(name: name, sha256: ImageInput.encoded(photos[name] ?? []).sha256, label: label)
        }
        return OpenDataset(Dataset(name: "set", images: images)) { photos[$0.name] ?? [] }
    }

    private func classes(_ label: String?) throws -> [Int] {
        let model = try engine.library.model(named: nil)
        let plain = PlainDataset(model: model, open: set(["cat": label]), engine: engine)
        return try LabelledDataset(plain).classes(of: 0)
    }

    @Test func readsIndicesAndLabels() throws {
        #expect(try classes("285") == [285])
        #expect(try classes("281 282 285") == [281, 282, 285])
        #expect(try classes("Egyptian cat") == [285])
        #expect(try classes("tabby, tabby cat|tiger cat") == [281, 282])
    }

    @Test(arguments: [nil, "1000", "no such thing", "1 1000", "|", "tabby|"])
    func namesTheImageWhoseLabelIsNoClass(label: String?) {
        do {
            _ = try classes(label)
            Issue.record("taken")
        } catch {
            #expect("\(error)".contains("'cat'"), "\(error)")
        }
    }

    @Test func answersWithSharesAndNames() throws {
        let request = try engine.resolve(
            ExplanationRequest(
                .ablation,
                options: [
                    GivenOption(name: "dataset", value: "set"), GivenOption(name: "layer", value: "fire9"),
                    GivenOption(name: "feature_map", value: "426,1+2"),
                ]))
        let set = set(["cup": "espresso", "cat": "tabby"])
        var steps: [Int] = []
        let answer = try engine.answer(request, over: set, progress: { done, _ in steps.append(done) })
        guard case .accuracy(let accuracy) = answer.content else { throw Unexpected() }
        #expect(answer.subject == .dataset(set.dataset.identity) && answer.kind == .ablation)
        #expect(accuracy.images == 2 && accuracy.top1 == 0.5 && accuracy.top5 == 1)
        #expect(Set(accuracy.falls.map(\.featureMaps)) == [[426], [1, 2]])
        #expect(accuracy.layerRemoved.flips.map(\.image) == ["cat", "cup"])
        #expect(accuracy.layerRemoved.flips.map(\.from) == [285, 967])
        #expect(steps.last == steps.count - 1)
        #expect(try !answer.picture(view: "ranking", maximumPixels: .max).isEmpty)
        #expect(try !answer.array(named: "delta_top5").isEmpty)
        #expect(throws: SwitchbackError.self) { try answer.picture(view: "grid", maximumPixels: .max) }
    }

    /// How long the list of changed answers is is known when they are counted, not before.
    @Test func refusesAsTextTheNamesThatTakeTooMuchMemory() throws {
        let pixels = photos["cat"] ?? []
        let image = DatasetImage(
            name: String(repeating: "n", count: 1 << 20), sha256: ImageInput.encoded(pixels).sha256, label: "tabby")
        let set = OpenDataset(Dataset(name: "set", images: [image])) { _ in pixels }
        let ask = { (format: String, bytes: Int) in
            let engine = try ExplanationEngine(
                library: engine.library, pool: engine.pool, limits: EngineLimits(maximumExplanationBytes: bytes))
            let options = ["dataset": "set", "layer": "fire9", "feature_map": "426", "format": format]
            return try engine.answer(
                try engine.resolve(
                    ExplanationRequest(.ablation, options: options.map { GivenOption(name: $0.key, value: $0.value) })),
                over: set)
        }
        var least = 0
        do {
            _ = try ask("json", 1)
        } catch SwitchbackError.tooMuchMemory(let estimate, _) {
            least = estimate.bytes
        }
        guard case .accuracy(let accuracy) = try ask("json", least + 3 << 20).content else { throw Unexpected() }
        #expect(accuracy.layerRemoved.flips.count == 1 && least > 0)
        #expect(throws: SwitchbackError.self) { try ask("json", least + 1 << 20) }
        #expect(try !ask("npy", least + 1 << 20).array(named: "delta_top1").isEmpty)
    }

    @Test func knowsWhichPicturesThereAre() throws {
        let options = [GivenOption(name: "dataset", value: "set"), GivenOption(name: "format", value: "npy")]
        #expect(try ExplanationRequest(.ablation, options: options).output.array == "delta_top1")
        #expect(throws: SwitchbackError.self) {
            try ExplanationRequest(.ablation, options: options + [GivenOption(name: "array", value: "logits")])
        }
    }

    private struct Unexpected: Error {}
}
