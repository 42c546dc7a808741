import Foundation
import Jobs
import PostgresStore
import SQLiteStore

/// Times claims and pages of a store with many queued jobs.
@main
struct MeasureJobs {
    let store: any JobStore
    let jobs: Int
    private let kinds = ["occlusion", "ablation", "deconv"]
    private let clients = (0..<20).map { "client-\($0)" }
    private let start = WallTime(milliseconds: 1_800_000_000_000)

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let jobs = Int(arguments[2]) else {
            print("usage: measure-jobs DIRECTORY|ADDRESS JOBS")
            exit(64)
        }
        let measure = MeasureJobs(store: try store(at: arguments[1]), jobs: jobs)
        try measure.fill()
        try measure.claims("claim", perClient: nil)
        try measure.claims("claim, limit for one client reached", perClient: 30)
        try measure.commits()
        try measure.pages()
    }

    /// The store in a directory, or in the database that the words are the address of.
    static func store(at place: String) throws -> any JobStore {
        place.hasPrefix("/")
            ? try SQLiteJobStore(directory: place)
            : try PostgresJobStore(address: place, schema: "switchback_measure")
    }

    /// Takes the jobs in, of three kinds, two models, twenty clients and three priorities; every 50th is cancelled.
    func fill() throws {
        let begun = ContinuousClock.now
        var generator = SystemRandomNumberGenerator()
        for number in 0..<jobs {
            let id = JobID(using: &generator)
            let new = NewJob(
                id: id, kind: kinds[number % 3], requirement: "model-\(number % 2)",
                payload: [UInt8](repeating: 32, count: 300), identity: id.text,
                shards: (0..<4).map { [UInt8($0)] }, client: clients[number % 20], priority: number % 3 - 1)
            _ = try store.enqueue(new, clientLimit: nil, now: start.advanced(byMilliseconds: Int64(number)))
            if number % 50 == 0 { try store.cancel(id, now: start.advanced(byMilliseconds: Int64(number))) }
        }
        let seconds = Double((ContinuousClock.now - begun).components.seconds)
        print("\(jobs) jobs taken in: \(String(format: "%.0f", Double(jobs) / max(1, seconds))) a second")
    }

    func claims(_ name: String, perClient: Int?) throws {
        try report(name, count: 1000) { _ in _ = try store.claim(request(perClient), now: now) }
    }

    func commits() throws {
        try report("claim and commit of 4 KB", count: 1000) { _ in
            let request = request(nil)
            guard try store.claim(request, now: now) != nil else { return }
            try store.commit([UInt8](repeating: 1, count: 4096), of: request.lease.token, now: now)
        }
    }

    func pages() throws {
        let middle = start.advanced(byMilliseconds: Int64(jobs / 2))
        let filters: [(String, JobFilter)] = [
            ("all", JobFilter()), ("by state, many", JobFilter(states: [.available])),
            ("by state, few", JobFilter(states: [.running, .cancelled, .completed])),
            ("by state and kind", JobFilter(states: [.cancelled], kinds: ["ablation"])),
            ("of one client before the middle", JobFilter(client: "client-7", createdBefore: middle)),
        ]
        for (name, filter) in filters {
            var cursor: JobCursor?
            try report("page of 50, \(name)", count: 100) { _ in
                cursor = try store.jobs(filter, after: cursor, limit: 50).next
            }
        }
        try report("counts of all states", count: 20) { _ in _ = try store.counts() }
    }

    private var now: WallTime { start.advanced(byMilliseconds: Int64(jobs)) }

    private func request(_ perClient: Int?) -> ClaimRequest {
        var generator = SystemRandomNumberGenerator()
        let lease = Lease(
            token: LeaseToken(using: &generator), worker: "measure", until: now.advanced(byMilliseconds: 30_000))
        return ClaimRequest(kinds: kinds, requirements: ["model-0", "model-1"], lease: lease, perClient: perClient)
    }

    private func report(_ name: String, count: Int, _ body: (Int) throws -> Void) throws {
        var times: [Double] = []
        for index in 0..<count {
            let begun = ContinuousClock.now
            try body(index)
            let taken = (ContinuousClock.now - begun).components
            times.append(Double(taken.seconds) * 1e3 + Double(taken.attoseconds) / 1e15)
        }
        times.sort()
        let format = "%@: median %.3f ms, 99th percentile %.3f ms, slowest %.3f ms"
        print(String(format: format, name, times[count / 2], times[count * 99 / 100], times[count - 1]))
    }
}
