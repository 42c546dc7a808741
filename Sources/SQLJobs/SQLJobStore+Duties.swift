public import Jobs

extension SQLJobStore {
    /// Takes back leases whose time was over before `now`.
    @discardableResult
    public func rescue(limit: Int, now: WallTime) throws(JobsError) -> Int {
        // Looks first, without keeping others from writing.
        let late = try database.read("look for lost workers") { db in
            try db.all(
                "SELECT lease FROM shard WHERE state = 1 AND until < $1 ORDER BY until, lease LIMIT $2",
                [.integer(now.milliseconds), .count(limit)]
            ).compactMap { LeaseToken(try $0.text("lease")) }
        }
        if late.isEmpty { return 0 }
        try database.write("take leases back", .results) { db in
            for lease in late {
                // A heartbeat, or the result, may have come meanwhile; what was late counts as taken care of.
                guard var shard = try LeasedShard.ifHeld(lease, in: db), shard.lease.until < now else { continue }
                try shard.rescue(now: now, in: db)
            }
            try db.notify()
        }
        return late.count
    }

    /// Removes jobs that ended before `time`, with all that belongs to them.
    @discardableResult
    public func prune(endedBefore time: WallTime, limit: Int) throws(JobsError) -> Int {
        try database.write("remove old jobs", .claims) { db in
            let old = try db.all(
                """
                DELETE FROM job WHERE number IN (
                    SELECT number FROM job WHERE finished < $1 ORDER BY finished, number LIMIT $2\(db.lockingOthersLeftOut))
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
