/// The jobs of a store in memory, and what is done to them.
struct JobTable {
    private struct Key: Hashable {
        let client: String
        let key: String
    }

    private(set) var records: [Int64: JobRecord] = [:]
    private var numbers: [JobID: Int64] = [:]
    private var keys: [Key: Int64] = [:]
    private var inputs: [String: (bytes: [UInt8], users: Int)] = [:]
    private var leases: [LeaseToken: (number: Int64, index: Int)] = [:]
    private var lastNumber: Int64 = 0
    private var lastEvent: Int64 = 0

    func record(_ id: JobID) -> JobRecord? { numbers[id].flatMap { records[$0] } }

    func input(of id: JobID) -> [UInt8]? { record(id)?.inputDigest.flatMap { inputs[$0]?.bytes } }

    func page(_ filter: JobFilter, after cursor: JobCursor?, limit: Int) -> JobPage {
        let found = records.values
            .filter { record in
                filter.includes(record.job)
                    && cursor?.isBefore(created: record.job.created, number: record.number) ?? true
            }
            .sorted { ($1.job.created, $1.number) < ($0.job.created, $0.number) }
        let page = found.prefix(limit)
        return JobPage(jobs: page.map(\.job), next: found.count > limit ? page.last?.cursor : nil)
    }

    // MARK: Changes

    mutating func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob {
        let key = new.idempotencyKey.map { Key(client: new.client, key: $0) }
        if let key, let record = keys[key].flatMap({ records[$0] }) {
            guard record.identity == new.identity else { throw .keyUsed(key.key) }
            return EnqueuedJob(job: record.job, isNew: false)
        }
        if let record = same(as: new) {
            if let key { keys[key] = record.number }
            return EnqueuedJob(job: record.job, isNew: false)
        }
        if let clientLimit {
            let open = records.values.count { $0.job.client == new.client && !$0.job.state.isEnded }
            if open >= clientLimit { throw .tooManyJobs(client: new.client, maximum: clientLimit) }
        }
        if let record = cancelled(as: new) {
            if let key { keys[key] = record.number }
            change(record.number) { $0.job.finished = nil }
            settle(record.number, event: .reopened, isReleased: true, now: now)
            return EnqueuedJob(job: try job(record.number), isNew: false)
        }
        lastNumber += 1
        let record = JobRecord(new, number: lastNumber, now: now)
        records[lastNumber] = record
        numbers[new.id] = lastNumber
        if let key { keys[key] = lastNumber }
        if let input = new.input { inputs[input.digest, default: (input.bytes, 0)].users += 1 }
        note(.created, lastNumber, now)
        return EnqueuedJob(job: record.job, isNew: true)
    }

    private func same(as new: NewJob) -> JobRecord? {
        records.values.first { record in
            record.job.client == new.client && record.identity == new.identity
                && record.job.state != .cancelled && record.job.state != .discarded
        }
    }

    /// The job of the same request that was cancelled last.
    private func cancelled(as new: NewJob) -> JobRecord? {
        records.values.filter { record in
            record.job.client == new.client && record.identity == new.identity && record.job.state == .cancelled
        }.max { $0.number < $1.number }
    }

    mutating func claim(_ request: ClaimRequest, now: WallTime) -> ClaimedShard? {
        let full = fullClients(request.perClient)
        let next = records.values
            .filter { record in
                request.kinds.contains(record.job.kind) && request.requirements.contains(record.job.requirement)
                    && !full.contains(record.job.client) && request.job.map { $0 == record.job.id } ?? true
                    && record.claimable(now: now) != nil
            }
            .min { ($1.job.priority, $0.number) < ($0.job.priority, $1.number) }
        guard let next, let index = next.claimable(now: now) else { return nil }
        let number = next.number
        let isFirst = next.job.started == nil
        change(number) { record in
            record.shards[index].shard.state = .leased(request.lease)
            record.job.state = .running
            if isFirst { record.job.started = now }
            if record.job.workedFrom == nil { record.job.workedFrom = now }
        }
        leases[request.lease.token] = (number, index)
        if isFirst { note(.started, number, now) }
        return records[number].map { record in
            let shard = record.shards[index]
            return ClaimedShard(
                job: record.job, index: index, items: shard.shard.items, attempt: shard.attempts + 1,
                lease: request.lease)
        }
    }

    private func fullClients(_ limit: Int?) -> Set<String> {
        guard let limit else { return [] }
        var held: [String: Int] = [:]
        for (number, _) in leases.values { held[records[number]?.job.client ?? "", default: 0] += 1 }
        return Set(held.filter { $0.value >= limit }.keys)
    }

    mutating func heartbeat(_ tokens: [LeaseToken], until: WallTime) -> Set<LeaseToken> {
        var held: Set<LeaseToken> = []
        for token in tokens {
            guard let (number, index) = leases[token] else { continue }
            held.insert(token)
            change(number) { record in
                guard case .leased(var lease) = record.shards[index].shard.state else { return }
                lease.until = until
                record.shards[index].shard.state = .leased(lease)
            }
        }
        return held
    }

    mutating func commit(_ result: [UInt8], of token: LeaseToken, now: WallTime) throws(JobsError) -> Job {
        guard let (number, index) = leases.removeValue(forKey: token) else { throw .leaseLost(token) }
        change(number) { record in
            record.shards[index].shard.state = .done
            record.shards[index].result = result
            record.job.progress.done += 1
            record.settle(isReleased: false, now: now)
        }
        note(.progress, number, now)
        if let progress = records[number]?.job.progress, progress.done == progress.total {
            end(number, .completed, now: now)
        }
        return try job(number)
    }

    mutating func fail(_ token: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job {
        guard let (number, index) = leases.removeValue(forKey: token) else { throw .leaseLost(token) }
        lose(number, index, until: failure.retry, reason: failure.reason, now: now)
        if failure.retry == nil {
            end(number, .discarded, error: failure.reason, now: now)
        } else {
            settle(number, event: .failed, isReleased: false, now: now)
        }
        return try job(number)
    }

    mutating func giveBack(_ token: LeaseToken, now: WallTime) -> Bool {
        guard let (number, index) = leases.removeValue(forKey: token) else { return false }
        change(number) { record in
            record.shards[index].shard.state = .waiting(from: nil)
            record.settle(isReleased: true, now: now)
        }
        note(.released, number, now)
        return true
    }

    mutating func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job {
        guard let record = record(id) else { throw .unknownJob(id) }
        if record.job.state == .cancelled { return record.job }
        if record.job.state.isEnded { throw .ended(id, record.job.state) }
        end(record.number, .cancelled, now: now)
        return try job(record.number)
    }

    mutating func rescue(limit: Int, now: WallTime) -> Int {
        let lost = records.values.flatMap(\.leases).filter { $0.until < now }
            .sorted { ($0.until, $0.token.text) < ($1.until, $1.token.text) }.prefix(limit)
        for lease in lost {
            guard let (number, index) = leases.removeValue(forKey: lease.token) else { continue }
            lose(number, index, until: nil, reason: LostWorker.reason(lease.worker, shard: index), now: now)
            // No more of its time than it may have been at work.
            change(number) { $0.job.countWork(until: min(now, lease.until), goesOn: false) }
            settle(number, event: .released, isReleased: true, now: now)
        }
        return lost.count
    }

    mutating func prune(endedBefore time: WallTime, limit: Int) -> Int {
        let old = records.values.filter { $0.job.finished.map { $0 < time } ?? false }
            .sorted { $0.number < $1.number }.prefix(limit)
        for record in old {
            records[record.number] = nil
            numbers[record.job.id] = nil
            keys = keys.filter { $0.value != record.number }
            guard let digest = record.inputDigest else { continue }
            inputs[digest]?.users -= 1
            if inputs[digest]?.users == 0 { inputs[digest] = nil }
        }
        return old.count
    }

    // MARK: Steps

    private func job(_ number: Int64) throws(JobsError) -> Job {
        guard let record = records[number] else { preconditionFailure("no job has the number \(number)") }
        return record.job
    }

    private mutating func change(_ number: Int64, _ body: (inout JobRecord) -> Void) {
        guard var record = records.removeValue(forKey: number) else {
            preconditionFailure("no job has the number \(number)")
        }
        body(&record)
        records[number] = record
    }

    /// Puts a shard back behind an attempt that came to nothing.
    private mutating func lose(_ number: Int64, _ index: Int, until: WallTime?, reason: String, now: WallTime) {
        change(number) { record in
            record.shards[index].shard.state = .waiting(from: until)
            record.shards[index].attempts += 1
            record.job.attempts = max(record.job.attempts, record.shards[index].attempts)
            record.job.error = reason
        }
    }

    /// Settles a job behind a lost attempt, or discards it where that was the last.
    private mutating func settle(_ number: Int64, event: JobEvent.Kind, isReleased: Bool, now: WallTime) {
        guard let record = records[number] else { return }
        if record.job.attempts >= record.job.maximumAttempts {
            end(number, .discarded, now: now)
        } else {
            change(number) { $0.settle(isReleased: isReleased, now: now) }
            note(event, number, now)
        }
    }

    private mutating func end(_ number: Int64, _ state: JobState, error: String? = nil, now: WallTime) {
        for lease in records[number]?.leases ?? [] { leases[lease.token] = nil }
        change(number) { $0.end(state, error: error, now: now) }
        note(.ended, number, now)
    }

    private mutating func note(_ kind: JobEvent.Kind, _ number: Int64, _ now: WallTime) {
        lastEvent += 1
        let event = lastEvent
        change(number) { record in
            record.events.append(
                JobEvent(
                    number: event, job: record.job.id, time: now, kind: kind, state: record.job.state,
                    progress: record.job.progress, error: record.job.error))
        }
    }
}
