import Concurrency
import Jobs
import Logging
import Testing

/// What fails time and again is said once, until it changes.
struct ComplaintTests {
    private struct Trouble: Error, CustomStringConvertible { let description: String }

    @Test func isMadeOnceUntilItChanges() {
        let log = RecordedLog()
        let complaint = Complaint("the store", log.logger)
        complaint.worked()
        for _ in 0..<3 { complaint.failed(Trouble(description: "full")) }
        for _ in 0..<2 { complaint.failed(Trouble(description: "away")) }
        for _ in 0..<2 { complaint.worked() }
        complaint.failed(Trouble(description: "away"))
        #expect(
            log.lines == [
                "error the store failed full", "error the store failed away", "notice the store works again",
                "error the store failed away",
            ])
    }

    @Test func aFullStoreIsSaidOnceByAWorker() throws {
        let log = RecordedLog()
        let worker = Worker(
            name: "worker", store: FullStore(), runner: NoRunner(),
            surroundings: Surroundings(now: { WallTime(milliseconds: 0) }),
            logger: log.logger)
        for _ in 0..<5 { #expect(worker.runOnce() == .storeFailed(.noSpace)) }
        #expect(log.lines == ["error the store of jobs failed the store of jobs is full"])
    }

    private struct NoRunner: ShardRunner {
        let kinds = ["sweep"]
        let requirements = ["model"]
        func run(_ shard: ClaimedShard, token: CancellationToken) throws -> [UInt8] { [] }
    }
}

/// A store that has no room for anything.
private struct FullStore: JobStore {
    func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob { throw .noSpace }
    func claim(_ request: ClaimRequest, now: WallTime) throws(JobsError) -> ClaimedShard? { throw .noSpace }
    func heartbeat(_ leases: [LeaseToken], until: WallTime) throws(JobsError) -> Set<LeaseToken> { throw .noSpace }
    func commit(_ result: [UInt8], of lease: LeaseToken, now: WallTime) throws(JobsError) -> Job { throw .noSpace }
    func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job { throw .noSpace }
    func giveBack(_ leases: [LeaseToken], now: WallTime) throws(JobsError) -> Int { throw .noSpace }
    func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job { throw .noSpace }
    func rescue(limit: Int, now: WallTime) throws(JobsError) -> Int { throw .noSpace }
    func prune(endedBefore time: WallTime, limit: Int) throws(JobsError) -> Int { throw .noSpace }
    func job(_ id: JobID) throws(JobsError) -> Job? { nil }
    func jobs(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) throws(JobsError) -> JobPage {
        JobPage(jobs: [], next: nil)
    }
    func input(of id: JobID) throws(JobsError) -> [UInt8]? { nil }
    func shards(of id: JobID) throws(JobsError) -> [JobShard] { [] }
    func results(of id: JobID) throws(JobsError) -> [ShardResult] { [] }
    func events(of id: JobID, after number: Int64, limit: Int) throws(JobsError) -> [JobEvent] { [] }
    func counts() throws(JobsError) -> [JobState: Int] { [:] }
    func oldestAvailable() throws(JobsError) -> WallTime? { nil }
}
