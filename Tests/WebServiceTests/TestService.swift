import Concurrency
import Foundation
import HTTP
import HTTPServer
import HTTPTypes
import Jobs
import Logging
import Models
import Switchback
import Tensors
import TestSupport
import WebService

/// The service over the committed models and the reference cases' networks, asked without a socket.
struct TestService {
    let engine: ExplanationEngine
    let service: WebService
    let pool: ComputePool
    /// Jobs, and who does them; nil unless asked for.
    let worker: Worker?
    let jobs: ExplanationJobs?
    /// Who follows jobs, two at most.
    let events: JobEventStreams?
    private let store: MemoryJobStore?
    private let computations = Guarded(0)

    /// How many explanations have been computed.
    var computed: Int { computations.withLock { $0 } }

    /// The service over the models in the folders `models`, those of the repository unless told.
    ///
    /// Unless told it keeps no answers, so that every request is computed.
    init(
        threads: Int = 2, limits: EngineLimits = EngineLimits(), instructionSet: String? = nil,
        models: [String]? = nil, images: ImageStore? = nil, access: AccessControl = AccessControl(),
        contract: [UInt8]? = nil, answerCacheBytes: Int = 0, jobs jobLimits: JobLimits? = nil,
        jobIDs: [JobID] = [], datasets: DatasetCatalog = .empty
    ) throws {
        let folders = ["Models", "Tests/Fixtures/reference/cases"].map { Fixtures.root.appendingPathComponent($0).path }
        let library = try ModelLibrary(
            directories: models ?? folders, defaultName: models == nil ? "squeezenet1.1" : nil)
        pool = ComputePool(threads: threads)
        engine = try ExplanationEngine(library: library, pool: pool, limits: limits, instructionSet: instructionSet)
        let registry = PrometheusRegistry()
        let made = try jobLimits.map { [engine] limits in
            try Self.jobs(
                of: engine, limits: limits, ids: jobIDs, datasets: datasets, metrics: JobMetrics(registry))
        }
        (jobs, worker, store) = (made?.0, made?.1, made?.2)
        let events = made.map { JobEventStreams($0.0, maximum: 2, maximumPerClient: 2) }
        self.events = events
        service = WebService(
            engine: engine, images: images, jobs: made.map { ServiceJobs($0.0, events: events) }, datasets: datasets,
            logger: TestService.silent, access: access, answerCacheBytes: answerCacheBytes, metrics: registry,
            contract: contract,
            stages: { [computations] _, stage in
                if stage.name == "compute" { computations.withLock { $0 += 1 } }
            })
    }

    /// Jobs in memory and a worker that the test calls; the first jobs have the names given.
    private static func jobs(
        of engine: ExplanationEngine, limits: JobLimits, ids: [JobID], datasets: DatasetCatalog, metrics: JobMetrics
    ) throws -> (ExplanationJobs, Worker, MemoryJobStore) {
        let store = MemoryJobStore()
        let left = Guarded(ids)
        let time = Guarded(WallTime(milliseconds: 1_800_000_000_000))
        let now = { @Sendable in
            time.withLock { time in
                time = time.advanced(byMilliseconds: 1)
                return time
            }
        }
        let jobs = ExplanationJobs(engine: engine, store: store, limits: limits, datasets: datasets, now: now) {
            var generator = SystemRandomNumberGenerator()
            return left.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? JobID(using: &generator)
        }
        let worker = Worker(
            name: "test", store: store, runner: jobs.runner, surroundings: Surroundings(now: now), logger: silent,
            observer: WorkerObserver(outcome: metrics.observe, claimed: metrics.claimed))
        return (jobs, worker, store)
    }

    /// Removes the jobs that have ended.
    func prune() { store?.prune(endedBefore: WallTime(milliseconds: .max), limit: 100) }

    /// Does shards until none waits.
    func workUntilIdle() throws {
        while let worker {
            switch worker.runOnce() {
            case .idle: return
            case .committed: continue
            case let other: throw TestFailure("a shard was not done: \(other)")
            }
        }
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// The photo of a cat that the README explains.
    static func chelsea() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png")))
    }

    /// The answer to a request.
    func ask(
        _ target: String, method: HTTPRequest.Method = .post, type: String? = "image/png", accept: String? = nil,
        fields others: HTTPFields = [:], body: [UInt8] = []
    ) throws -> Response {
        var fields = others
        fields[.contentType] = type
        fields[.accept] = accept
        let request = try Request(method: method, target: target, fields: fields, body: body)
        let context = RequestContext(requestID: "test-1", token: .never, logger: TestService.silent)
        return service.respond(to: request, context: context)
    }

    /// The answer to GET.
    func get(_ target: String, _ fields: HTTPFields = [:], accept: String? = nil) throws -> Response {
        try ask(target, method: .get, type: nil, accept: accept, fields: fields)
    }

    /// Posts an image; its digest.
    func post(_ image: [UInt8], type: String = "image/png") throws -> String {
        let answer = try ask("/images", type: type, body: image)
        guard let sha256 = try TestService.object(answer)["sha256"] as? String else { throw TestFailure("no digest") }
        return sha256
    }

    /// The JSON object that an answer holds.
    static func object(_ response: Response) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(response.body))
        guard let object = value as? [String: Any] else { throw TestFailure("the answer is no JSON object") }
        return object
    }

    /// The `detail` of a problem document.
    static func detail(_ response: Response) throws -> String {
        guard let detail = try object(response)["detail"] as? String else { throw TestFailure("no detail") }
        return detail
    }
}

/// Why a test cannot go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
