import Concurrency
import Foundation
import Jobs
import Logging
import Models
import SQLiteStore
import TestSupport

@testable import Switchback

/// An engine with the models of the tree, jobs in a file, a worker, and a clock that the test moves.
final class JobBench: Sendable {
    let engine: ExplanationEngine
    let jobs: ExplanationJobs
    let store: any JobStore
    let worker: Worker
    let image: ImageInput
    let directory: String
    private let ownsDirectory: Bool
    private let time = Guarded(WallTime(milliseconds: 1_800_000_000_000))

    init(directory given: String? = nil, limits: JobLimits = JobLimits(), maximumImagePixels: Int = 50_000_000) throws {
        let directory =
            given ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        (self.directory, ownsDirectory) = (directory, given == nil)
        let path = Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png")
        image = .encoded([UInt8](try Data(contentsOf: path)))
        engine = try ExplanationEngine(
            library: try ModelLibrary(
                directories: [
                    Fixtures.root.appendingPathComponent("Models").path, Fixtures.url("reference/cases").path,
                ], defaultName: "squeezenet1.1"),
            pool: ComputePool(threads: 2), limits: EngineLimits(maximumImagePixels: maximumImagePixels))
        store = try SQLiteJobStore(directory: directory)
        let now = { @Sendable [time] in time.withLock { $0 } }
        jobs = ExplanationJobs(engine: engine, store: store, limits: limits, now: now)
        _ = try jobs.learnModels()
        worker = Worker(
            name: "bench", store: store, runner: jobs.runner, surroundings: Surroundings(now: now),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    deinit {
        if ownsDirectory { try? FileManager.default.removeItem(atPath: directory) }
    }

    var now: WallTime { time.withLock { $0 } }

    func advance(_ milliseconds: Int64) { time.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }

    func resolved(_ kind: ExplanationKind, _ options: [String: String]) throws -> ResolvedRequest {
        try engine.resolve(
            try ExplanationRequest(kind, options: options.map { GivenOption(name: $0.key, value: $0.value) }))
    }

    func submit(_ request: ResolvedRequest, about input: ImageInput? = nil) throws -> SubmittedJob {
        advance(1)
        let input = input ?? image
        return try jobs.submit(request, about: input, sha256: input.sha256)
    }

    /// Does shards until none waits; a failure is thrown.
    func workUntilIdle() throws {
        while true {
            switch worker.runOnce() {
            case .idle: return
            case .committed: continue
            case let other: throw Unexpected(description: "\(other)")
            }
        }
    }

    /// What another worker would ask for.
    func request(_ name: String) -> ClaimRequest {
        var generator = SystemRandomNumberGenerator()
        let lease = Lease(
            token: LeaseToken(using: &generator), worker: name, until: now.advanced(byMilliseconds: 1000))
        return ClaimRequest(kinds: jobs.runner.kinds, requirements: jobs.runner.requirements, lease: lease)
    }

    struct Unexpected: Error { let description: String }
}
