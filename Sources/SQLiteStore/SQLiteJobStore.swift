public import Jobs
internal import Foundation
internal import GRDB

/// Jobs in one file of a directory, there again after a restart: SQLite with a write-ahead log.
///
/// Every process of the machine may open it. What a call has done survives `kill -9` of the process at any moment. A loss
/// of power cannot damage the file; a job that was taken in or cancelled survives it too, the last results of shards may
/// not, and these are then computed again.
public final class SQLiteJobStore: JobStore {
    /// The name of the file in its directory; SQLite keeps two more beside it.
    public static let fileName = "jobs.sqlite"

    let connection: SQLiteConnection

    /// The store in `directory`, which is made unless it is there, for this user alone.
    ///
    /// - Parameter maximumBytes: the largest that the file may become; 8 GiB unless told.
    /// - Throws: `JobsError.failed` with what is wrong with the directory or the file.
    public init(directory: String, maximumBytes: Int = 8 << 30) throws(JobsError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed(operation: "make the directory '\(directory)'", reason: "\(error)")
        }
        connection = try SQLiteConnection(path: directory + "/" + Self.fileName, maximumBytes: maximumBytes)
    }

    /// Takes a job in, or finds the one that is the same request.
    public func enqueue(_ new: NewJob, clientLimit: Int?, now: WallTime) throws(JobsError) -> EnqueuedJob {
        try connection.write("take a job in", .full) { db in
            if let same = try Enqueuing.same(as: new, in: db) { return EnqueuedJob(job: same, isNew: false) }
            try Enqueuing.checkLimit(clientLimit, of: new.client, in: db)
            return EnqueuedJob(job: try Enqueuing.insert(new, now: now, in: db), isNew: true)
        }
    }

    /// A lease on the next shard.
    public func claim(_ request: ClaimRequest, now: WallTime) throws(JobsError) -> ClaimedShard? {
        // Workers that wait look every now and then: they keep nobody from writing.
        let mayFind = try connection.read("look for work") { db in
            try Claiming.hasDue(now: now, in: db) ? true : Claiming.next(request, in: db) != nil
        }
        guard mayFind else { return nil }
        return try connection.write("claim a shard") { db in try Claiming.claim(request, now: now, in: db) }
    }

    /// Extends leases, and tells which of them are still held.
    public func heartbeat(_ leases: [LeaseToken], until: WallTime) throws(JobsError) -> Set<LeaseToken> {
        try connection.write("extend leases") { db in
            var held: Set<LeaseToken> = []
            for lease in leases {
                try db.run(
                    "UPDATE shard SET until = ? WHERE lease = ? AND state = 1", [until.milliseconds, lease.text])
                if db.changesCount > 0 { held.insert(lease) }
            }
            return held
        }
    }

    /// Keeps the result of a shard and marks it as done.
    @discardableResult
    public func commit(_ result: [UInt8], of lease: LeaseToken, now: WallTime) throws(JobsError) -> Job {
        try connection.write("keep a result") { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.commit(result, now: now, in: db)
        }
    }

    /// Puts a shard back to be tried again, or discards the job.
    @discardableResult
    public func fail(_ lease: LeaseToken, _ failure: ShardFailure, now: WallTime) throws(JobsError) -> Job {
        try connection.write("note a failure") { db in
            var shard = try LeasedShard(lease, in: db)
            return try shard.fail(failure, now: now, in: db)
        }
    }

    /// Gives shards back to be claimed at once.
    @discardableResult
    public func giveBack(_ leases: [LeaseToken], now: WallTime) throws(JobsError) -> Int {
        try connection.write("give leases back") { db in
            var count = 0
            for lease in leases {
                guard var shard = try LeasedShard(ifHeld: lease, in: db) else { continue }
                try shard.giveBack(now: now, in: db)
                count += 1
            }
            return count
        }
    }

    /// Ends a job.
    @discardableResult
    public func cancel(_ id: JobID, now: WallTime) throws(JobsError) -> Job {
        try connection.write("cancel a job", .full) { db in
            guard var entry = try JobEntry(id, in: db) else { throw JobsError.unknownJob(id) }
            if entry.job.state == .cancelled { return entry.job }
            if entry.job.state.isEnded { throw JobsError.ended(id, entry.job.state) }
            try entry.end(.cancelled, now: now, in: db)
            return entry.job
        }
    }
}
