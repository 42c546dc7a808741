/// A job in memory, with all that belongs to it.
struct JobRecord {
    /// Larger than that of every job that came before.
    let number: Int64
    let identity: String
    let inputDigest: String?
    var job: Job
    var shards: [ShardRecord]
    var events: [JobEvent] = []

    init(_ new: NewJob, number: Int64, now: WallTime) {
        self.number = number
        identity = new.identity
        inputDigest = new.input?.digest
        job = Job(
            id: new.id, kind: new.kind, requirement: new.requirement, payload: new.payload, client: new.client,
            priority: new.priority, state: .available, attempts: 0, maximumAttempts: new.maximumAttempts, created: now,
            scheduled: now, started: nil, finished: nil, error: nil,
            progress: JobProgress(done: 0, total: new.shards.count))
        shards = new.shards.enumerated().map { index, items in
            ShardRecord(shard: JobShard(job: new.id, index: index, items: items, state: .waiting(from: nil)))
        }
    }

    /// The place in the list behind it.
    var cursor: JobCursor { JobCursor(created: job.created, number: number) }

    /// The leases on its shards.
    var leases: [Lease] {
        shards.compactMap { record in
            if case .leased(let lease) = record.shard.state { lease } else { nil }
        }
    }

    /// The first of its shards that can be claimed at `now`.
    func claimable(now: WallTime) -> Int? {
        if job.state.isEnded { return nil }
        return shards.firstIndex { record in
            guard case .waiting(let from) = record.shard.state else { return false }
            return from.map { $0 <= now } ?? true
        }
    }

    /// When the first of its waiting shards can be claimed; nil where none waits for a time.
    var nextRetry: WallTime? {
        shards.compactMap { record in
            if case .waiting(let from) = record.shard.state { from } else { nil }
        }.min()
    }

    /// Its results so far.
    var results: [ShardResult] {
        shards.compactMap { record in
            record.result.map { ShardResult(index: record.shard.index, items: record.shard.items, bytes: $0) }
        }
    }

    /// Sets the state by its shards, unless it has ended.
    mutating func settle(isReleased: Bool, now: WallTime) {
        let isHeldUp = claimable(now: now) == nil && nextRetry != nil
        job.state = .open(isReleased: isReleased, leased: leases.count, isHeldUp: isHeldUp)
        job.countWork(until: now, goesOn: !leases.isEmpty)
        if job.state == .retryable, let nextRetry { job.scheduled = nextRetry }
    }

    /// Ends the job: nobody holds a shard of it any more.
    mutating func end(_ state: JobState, error: String? = nil, now: WallTime) {
        job.state = state
        job.finished = now
        job.countWork(until: now, goesOn: false)
        if let error { job.error = error }
        for index in shards.indices where shards[index].isLeased { shards[index].shard.state = .waiting(from: nil) }
    }
}

/// A shard in memory.
struct ShardRecord {
    var shard: JobShard
    /// How many attempts at it came to nothing.
    var attempts = 0
    var result: [UInt8]?

    var isLeased: Bool {
        if case .leased = shard.state { true } else { false }
    }
}
