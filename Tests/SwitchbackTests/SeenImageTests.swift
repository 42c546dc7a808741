import Concurrency
import Foundation
import Models
import TestSupport
import Testing

@testable import Switchback

/// Images and passes that are kept change no answer.
@Suite struct SeenImageTests {
    private func engine(seenImageBytes: Int) throws -> ExplanationEngine {
        try ExplanationEngine(
            library: try ModelLibrary(
                directories: [Fixtures.root.appendingPathComponent("Models").path], defaultName: "squeezenet1.1"),
            pool: ComputePool(threads: 2), limits: EngineLimits(seenImageBytes: seenImageBytes))
    }

    private static let chelsea = Result {
        let path = Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png")
        return ImageInput.encoded([UInt8](try Data(contentsOf: path)))
    }

    private static let questions: [(ExplanationKind, [String: String])] = [
        (.deconv, ["feature_map": "3"]), (.deconv, ["feature_map": "top:2", "layer": "fire5"]), (.predict, [:]),
        (.activations, ["layer": "fire3"]), (.ablation, ["feature_map": "1,2"]),
        (.occlusion, ["patch": "100", "stride": "100"]),
    ]

    /// The JSON numbers and the picture of an answer.
    private func answers(_ engine: ExplanationEngine) throws -> [[UInt8]] {
        try Self.questions.map { kind, options in
            let request = try ExplanationRequest(
                kind, options: options.map { GivenOption(name: $0.key, value: $0.value) }, acceptedFormat: .npy)
            let answer = try engine.answer(request, about: try Self.chelsea.get())
            return try answer.array(named: request.output.array)
        }
    }

    @Test func answersAreTheSameWithAndWithoutThem() throws {
        let (keeping, forgetting) = (try engine(seenImageBytes: 64 << 20), try engine(seenImageBytes: 0))
        let fresh = try answers(forgetting)
        #expect(forgetting.seenImages == CacheStatistics(hits: 0, misses: 12, bytes: 0))
        #expect(try answers(keeping) == fresh)
        let first = keeping.seenImages
        // One image and one pass were new.
        #expect(first.misses == 2)
        #expect(first.hits == 10)
        #expect(try answers(keeping) == fresh)
        #expect(keeping.seenImages == CacheStatistics(hits: first.hits + 12, misses: 2, bytes: first.bytes))
    }

    @Test func aPictureAndAnArrayOfTheSameBytesAreTwo() throws {
        let engine = try engine(seenImageBytes: 64 << 20)
        guard case .encoded(let bytes) = try Self.chelsea.get() else { return }
        let request = try ExplanationRequest(.predict, options: [], acceptedFormat: .json)
        _ = try engine.answer(request, about: .encoded(bytes))
        #expect(throws: SwitchbackError.self) { try engine.answer(request, about: .npy(bytes)) }
    }
}
