public import Jobs
internal import GRDB

extension SQLiteJobStore {
    /// Takes back leases whose time was over before `now`.
    @discardableResult
    public func rescue(limit: Int, now: WallTime) throws(JobsError) -> Int {
        let late = try connection.read("look for lost workers") { db in
            try db.all(
                "SELECT lease FROM shard WHERE state = 1 AND until < ? ORDER BY until, lease LIMIT ?",
                [now.milliseconds, limit]
            ).compactMap { LeaseToken($0["lease"] as String) }
        }
        if late.isEmpty { return 0 }
        return try connection.write("take leases back") { db in
            var count = 0
            for lease in late {
                // A heartbeat, or the result, may have come meanwhile; what was late counts as taken care of.
                count += 1
                guard var shard = try LeasedShard(ifHeld: lease, in: db), shard.lease.until < now else { continue }
                try shard.rescue(now: now, in: db)
            }
            return count
        }
    }

    /// Removes jobs that ended before `time`, with all that belongs to them.
    @discardableResult
    public func prune(endedBefore time: WallTime, limit: Int) throws(JobsError) -> Int {
        try connection.write("remove old jobs") { db in
            let old = try db.all(
                "SELECT number, input FROM job WHERE finished < ? ORDER BY finished, number LIMIT ?",
                [time.milliseconds, limit])
            for row in old {
                try db.run("DELETE FROM job WHERE number = ?", [row["number"] as Int64])
                guard let input: String = row["input"] else { continue }
                try db.run(
                    "DELETE FROM input WHERE digest = ? AND NOT EXISTS (SELECT 1 FROM job WHERE input = ?)",
                    [input, input])
            }
            return old.count
        }
    }

    /// Gives up to so many unused pages of 4096 bytes back to the file system: removed jobs leave them to new ones.
    public func vacuum(pages: Int = 1024) throws(JobsError) { try connection.vacuum(pages: pages) }
}
