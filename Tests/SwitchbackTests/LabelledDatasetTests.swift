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

    @Test func knowsWhichPicturesThereAre() throws {
        let options = [GivenOption(name: "dataset", value: "set"), GivenOption(name: "format", value: "npy")]
        #expect(try ExplanationRequest(.ablation, options: options).output.array == "delta_top1")
        #expect(throws: SwitchbackError.self) {
            try ExplanationRequest(.ablation, options: options + [GivenOption(name: "array", value: "logits")])
        }
    }

    private struct Unexpected: Error {}
}
