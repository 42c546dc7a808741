import Concurrency
import Explainers
import Foundation
import Jobs
import Logging
import Models
import SQLiteStore
import TestSupport
import Testing

@testable import Switchback

/// A job's result has the bits of the answer that the same request gets at once.
@Suite struct ExplanationJobTests {
    private let bench: JobBench

    init() throws { bench = try JobBench() }

    private static let questions: [(ExplanationKind, [String: String])] = [
        (.occlusion, ["patch": "90", "stride": "45"]),
        (.occlusion, ["patch": "100", "stride": "100", "target": "all", "of": "logit"]),
        (.ablation, ["layer": "fire9"]), (.ablation, ["feature_map": "1,2+7", "target": "281"]),
        (.deconv, ["layer": "fire2", "feature_map": "top:20"]), (.deconv, ["feature_map": "top:3", "unit": "map"]),
        (.activations, ["layer": "fire3", "feature_map": "5,1"]), (.activations, [:]), (.predict, ["top": "7"]),
    ]

    @Test(arguments: questions.indices)
    func hasTheBitsOfTheAnswerAtOnce(_ index: Int) throws {
        let (kind, options) = Self.questions[index]
        let resolved = try bench.resolved(kind, options)
        let submitted = try bench.submit(resolved)
        #expect(submitted.isNew)
        try bench.workUntilIdle()
        #expect(try bench.jobs.job(submitted.job.job.id.text).job.state == .completed)
        let answer = try bench.jobs.answer(of: submitted.job.job.id.text)
        let expected = try bench.engine.answer(resolved, about: bench.image)
        #expect(answer.semantics == expected.semantics)
        #expect(answer.subject == expected.subject)
        for array in kind.arrays { #expect(try answer.array(named: array) == expected.array(named: array)) }
        let view = kind.views.last ?? ""
        #expect(
            try answer.picture(view: view, width: nil, isTransparent: false, maximumPixels: 25_000_000)
                == expected.picture(view: view, width: nil, isTransparent: false, maximumPixels: 25_000_000))
    }

    @Test(arguments: ["zfnet", "residual", "inception", "depthwise", "ties"])
    func hasTheBitsOfEveryReferenceNetwork(_ name: String) throws {
        let input = ImageInput.npy(try Fixtures.bytes("reference/cases/\(name)/input.npy"))
        let questions: [(ExplanationKind, [String: String])] = [
            (.occlusion, ["target": "all"]), (.ablation, ["target": "all"]), (.deconv, ["feature_map": "all"]),
        ]
        for (kind, options) in questions {
            let resolved = try bench.resolved(kind, options.merging(["model": name]) { $1 })
            let id = try bench.submit(resolved, about: input).job.job.id.text
            try bench.workUntilIdle()
            let answer = try bench.jobs.answer(of: id)
            let expected = try bench.engine.answer(resolved, about: input)
            for array in kind.arrays { #expect(try answer.array(named: array) == expected.array(named: array)) }
        }
    }

    @Test func isTheSameForTheSameRequestHoweverItsAnswerIsWritten() throws {
        let first = try bench.submit(try bench.resolved(.occlusion, ["patch": "100", "stride": "100"]))
        let second = try bench.submit(
            try bench.resolved(.occlusion, ["stride": "100", "patch": "100", "format": "png", "view": "heatmap"]))
        #expect(!second.isNew)
        #expect(second.job == first.job)
        #expect(first.job.options.map(\.name).contains("format") == false)
        #expect(try bench.submit(try bench.resolved(.occlusion, ["patch": "100", "stride": "90"])).isNew)
    }

    @Test func tellsItsCostBeforeItStarts() throws {
        let submitted = try bench.submit(try bench.resolved(.occlusion, ["patch": "90", "stride": "45"]))
        #expect(submitted.estimate.forwardPasses == 27)
        #expect(submitted.estimate.multiplyAdds > 100_000_000)
        #expect(submitted.job.job.state == .available)
        #expect(throws: SwitchbackError.self) {
            try bench.jobs.answer(of: submitted.job.job.id.text)
        }
    }

    @Test func refusesWhatIsWrongBeforeAnythingIsComputed() throws {
        let resolved = try bench.resolved(.deconv, ["feature_map": "3"])
        #expect(throws: SwitchbackError.self) {
            try bench.jobs.submit(resolved, about: .encoded([1, 2, 3]), sha256: "0")
        }
        let small = try JobBench(limits: JobLimits(maximumMultiplyAdds: 1000, maximumPerClient: 1))
        #expect {
            try small.submit(try small.resolved(.predict, [:]))
        } throws: { error in
            if case .tooCostly? = error as? SwitchbackError { true } else { false }
        }
    }

    @Test func goesOnAfterItsProcessDied() throws {
        let resolved = try bench.resolved(.occlusion, ["patch": "60", "stride": "12"])
        let id = try bench.submit(resolved).job.job.id
        _ = bench.worker.runOnce()
        // A shard is out and its process never comes back.
        let store: any JobStore = try SQLiteJobStore(directory: bench.directory)
        let lost = try #require(try store.claim(bench.request("other"), now: bench.now))
        let again = try JobBench(directory: bench.directory)
        again.advance(60_000)
        #expect(try LeaseRescue(again.store).runOnce(now: again.now) == 1)
        try again.workUntilIdle()
        #expect(throws: JobsError.leaseLost(lost.lease.token)) {
            try store.commit([], of: lost.lease.token, now: again.now)
        }
        #expect(
            try again.jobs.answer(of: id.text).array(named: "delta")
                == bench.engine.answer(resolved, about: bench.image).array(named: "delta"))
    }

    @Test func isDiscardedWhereTheNetworkHasNoAnswer() throws {
        let resolved = try bench.resolved(.predict, [:])
        let submitted = try bench.submit(resolved)
        let broken = try JobBench(directory: bench.directory, limits: JobLimits(), maximumImagePixels: 10)
        #expect(broken.worker.runOnce() == .failed(submitted.job.job.id))
        let job = try bench.jobs.job(submitted.job.job.id.text).job
        #expect(job.state == .discarded)
        #expect(job.error?.contains("pixels") == true)
    }

    @Test func isListedAndCancelled() throws {
        let first = try bench.submit(try bench.resolved(.predict, [:])).job
        let second = try bench.submit(try bench.resolved(.predict, ["top": "2"])).job
        #expect(try bench.jobs.jobs(limit: 10).jobs == [second, first])
        #expect(try bench.jobs.cancel(first.job.id.text).job.state == .cancelled)
        #expect(throws: SwitchbackError.noJob(id: "x")) { try bench.jobs.cancel("x") }
        try bench.workUntilIdle()
        #expect { try bench.jobs.cancel(second.job.id.text) } throws: { error in
            if case .jobState(let reason)? = error as? SwitchbackError { reason.contains("completed") } else { false }
        }
    }

    @Test func shardsCoverAMapFromTheBeginning() {
        #expect(DurableWork.spread(Array(0..<8)) == [0, 4, 2, 6, 1, 5, 3, 7])
        #expect(DurableWork.spread(Array(0..<5)) == [0, 4, 2, 1, 3])
        #expect(DurableWork.spread([3]) == [3])
        for count in 1...70 { #expect(DurableWork.spread(Array(0..<count)).sorted() == Array(0..<count)) }
    }

    @Test func shardsAreKeptAsBytes() throws {
        #expect(ShardItems.bytes(of: .init(first: 258, count: 3)) == [2, 1, 0, 0, 3, 0, 0, 0])
        #expect(try ShardItems.shard(in: [2, 1, 0, 0, 3, 0, 0, 0]) == .init(first: 258, count: 3))
        for bytes in [[], [1], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 255, 1, 0, 0, 0]] as [[UInt8]] {
            #expect(throws: SwitchbackError.self) { try ShardItems.shard(in: bytes) }
        }
    }
}
