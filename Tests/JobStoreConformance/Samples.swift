import Conformance
import Jobs

/// Times, jobs and leases that facts are made of.
enum Sample {
    /// A moment of the suite: so many milliseconds after its beginning.
    static func time(_ milliseconds: Int64) -> WallTime { WallTime(milliseconds: 1_800_000_000_000 + milliseconds) }

    /// A job whose name and identity come from `seed`.
    static func job(
        _ seed: UInt64, kind: String = "sweep", requirement: String = "model", identity: String? = nil,
        input: JobInput? = nil, shards: Int = 1, key: String? = nil, client: String = "ann", priority: Int = 0,
        attempts: Int = 3
    ) -> NewJob {
        NewJob(
            id: id(seed), kind: kind, requirement: requirement, payload: [1, 0, UInt8(truncatingIfNeeded: seed)],
            identity: identity ?? "identity \(seed)", input: input, shards: (0..<shards).map { [UInt8($0)] },
            idempotencyKey: key, client: client, priority: priority, maximumAttempts: attempts)
    }

    static func id(_ seed: UInt64) -> JobID {
        var generator = Counter(value: seed)
        return JobID(using: &generator)
    }

    static func token(_ seed: UInt64) -> LeaseToken {
        var generator = Counter(value: 1000 + seed)
        return LeaseToken(using: &generator)
    }

    static func request(
        _ seed: UInt64, kinds: [String] = ["sweep"], requirements: [String] = ["model"], worker: String = "worker",
        until: Int64 = 1000, perClient: Int? = nil
    ) -> ClaimRequest {
        ClaimRequest(
            kinds: kinds, requirements: requirements,
            lease: Lease(token: token(seed), worker: worker, until: time(until)), perClient: perClient)
    }

    private struct Counter: RandomNumberGenerator {
        var value: UInt64

        mutating func next() -> UInt64 {
            defer { value &+= 0x9E37_79B9_7F4A_7C15 }
            return value
        }
    }
}

extension JobStore {
    /// Takes a job in at a moment of the suite.
    @discardableResult
    func add(_ new: NewJob, at milliseconds: Int64 = 0, limit: Int? = nil) throws -> EnqueuedJob {
        try enqueue(new, clientLimit: limit, now: Sample.time(milliseconds))
    }

    /// Claims the next shard, which there must be, with the lease of that seed.
    @discardableResult
    func take(_ seed: UInt64, at milliseconds: Int64 = 0, until: Int64 = 1000) throws -> ClaimedShard {
        try require(try claim(Sample.request(seed, until: until), now: Sample.time(milliseconds)))
    }

    /// The state of the job of that seed.
    func state(_ seed: UInt64) throws -> JobState? { try job(Sample.id(seed))?.state }

    /// What happened to the job of that seed.
    func history(_ seed: UInt64) throws -> [String] {
        try events(of: Sample.id(seed), after: 0, limit: 100).map { "\($0.kind.rawValue) \($0.state.rawValue)" }
    }
}
