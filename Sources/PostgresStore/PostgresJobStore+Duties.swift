public import Jobs

extension PostgresJobStore {
    /// Takes back leases whose time was over before `now`.
    @discardableResult
    public func rescue(limit: Int, now: WallTime) throws(JobsError) -> Int {
        try pool.transaction("take leases back") { db in
            let late = try db.all(
                "SELECT lease FROM shard WHERE state = 1 AND until < $1 ORDER BY until, lease LIMIT $2",
                [.integer(now.milliseconds), .count(limit)])
            for row in late {
                // A heartbeat, or the result, may have come meanwhile; what was late counts as taken care of.
                guard let lease = LeaseToken(try row.text("lease")),
                    var shard = try LeasedShard.ifHeld(lease, in: db), shard.lease.until < now
                else { continue }
                try shard.rescue(now: now, in: db)
            }
            if !late.isEmpty { try JobListener.notify(in: db) }
            return late.count
        }
    }

    /// Removes jobs that ended before `time`, with all that belongs to them.
    @discardableResult
    public func prune(endedBefore time: WallTime, limit: Int) throws(JobsError) -> Int {
        try pool.transaction("remove old jobs", isDurable: false) { db in
            let old = try db.all(
                """
                DELETE FROM job WHERE number IN (
                    SELECT number FROM job WHERE finished < $1 ORDER BY finished, number LIMIT $2
                    FOR UPDATE SKIP LOCKED)
                RETURNING input
                """, [.integer(time.milliseconds), .count(limit)])
            for input in Set(old.compactMap { $0.optionalText("input") }).sorted() {
                try db.run(
                    "DELETE FROM input WHERE digest = $1 AND NOT EXISTS (SELECT 1 FROM job WHERE input = $1)",
                    [.text(input)])
            }
            return old.count
        }
    }
}
