import Concurrency
import Foundation
import Dispatch
import JobStoreConformance
import Jobs
import SQLJobs
import Testing

@testable import PostgresStore

@Suite(.enabled(if: TestDatabase.address != nil, TestDatabase.isThere)) struct PostgresJobStoreTests {
    @Test(arguments: JobStoreFact.all)
    func conforms(_ fact: JobStoreFact) throws {
        try withStore { store, _, _ in try fact.check(store) }
    }

    /// Another machine goes on while the first is at a shard, and the first comes back too late.
    @Test func goesOnWithTheJobOfAMachineThatWasCutOff() throws {
        try withStore { first, address, schema in
            let id = newID()
            _ = try first.enqueue(newJob(id, shards: 2), clientLimit: nil, now: start)
            let lost = try #require(try first.claim(request(), now: start))

            let second = try PostgresJobStore(address: address, schema: schema)
            let later = start.advanced(byMilliseconds: 1001)
            #expect(try LeaseRescue(second).runOnce(now: later) == 1)
            let again = try #require(try second.claim(request(), now: later))
            #expect(again.index == lost.index)
            #expect(throws: JobsError.leaseLost(lost.lease.token)) {
                try first.commit([9], of: lost.lease.token, now: later)
            }
            try second.commit([1], of: again.lease.token, now: later)
            #expect(try first.results(of: id).map(\.bytes) == [[1]])
        }
    }

    @Test func machinesNeverShareAShard() throws {
        try withStore { store, address, schema in
            for _ in 0..<2 { _ = try store.enqueue(newJob(newID(), shards: 30), clientLimit: nil, now: start) }
            let claimed = Guarded<[String]>([])
            let failures = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                do {
                    let own = try PostgresJobStore(address: address, schema: schema, connections: 1)
                    while let shard = try own.claim(request(), now: start) {
                        claimed.withLock { $0.append("\(shard.job.id) \(shard.index)") }
                        try own.commit([1], of: shard.lease.token, now: start)
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(claimed.withLock { Set($0).count } == 60)
            #expect(claimed.withLock { $0.count } == 60)
            #expect(try store.counts() == [.completed: 2])
        }
    }

    @Test func oneRequestHandedInOnManyMachinesIsOneJob() throws {
        try withStore { _, address, schema in
            let new = Guarded(0)
            let failures = Guarded<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 6) { _ in
                do {
                    let own = try PostgresJobStore(address: address, schema: schema, connections: 1)
                    let result = try own.enqueue(newJob(newID(), identity: "same"), clientLimit: nil, now: start)
                    if result.isNew { new.withLock { $0 += 1 } }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
            #expect(new.withLock { $0 } == 1)
        }
    }

    /// The server ends all connections, as it does when it is started again.
    @Test func opensLostConnectionsAgain() throws {
        try withStore { store, address, schema in
            let id = newID()
            _ = try store.enqueue(newJob(id, shards: 2), clientLimit: nil, now: start)
            let shard = try #require(try store.claim(request(), now: start))
            try endConnections(of: schema, address)
            try store.commit([7], of: shard.lease.token, now: start)
            try endConnections(of: schema, address)
            #expect(try store.results(of: id).map(\.bytes) == [[7]])
        }
    }

    /// A machine that is cut off in the middle of a transaction: the server undoes it.
    @Test func aTransactionWhoseConnectionIsLostChangesNothing() throws {
        try withStore { store, address, schema in
            let id = newID()
            _ = try store.enqueue(newJob(id), clientLimit: nil, now: start)
            let tries = Guarded(0)
            #expect(throws: JobsError.self) {
                try store.database.pool.transaction("lose the connection") { db in
                    tries.withLock { $0 += 1 }
                    try db.run("UPDATE job SET claimable = 0")
                    try endConnections(of: schema, address)
                    try db.run("UPDATE job SET claimable = 0")
                }
            }
            #expect(tries.withLock { $0 } == 3)
            #expect(try store.claim(request(), now: start)?.job.id == id)
        }
    }

    @Test func tellsThoseWhoWaitOnOtherMachines() throws {
        try withStore { store, address, schema in
            let other = try PostgresJobStore(address: address, schema: schema)
            let wakeUp = WakeUp()
            let listener = other.listener { wakeUp.notify() }
            // Once it listens it says so, whatever came before.
            wakeUp.wait(beyond: 0, for: .seconds(60), token: .never)
            let seen = wakeUp.calls
            #expect(seen > 0)
            let id = newID()
            _ = try store.enqueue(newJob(id), clientLimit: nil, now: start)
            wakeUp.wait(beyond: seen, for: .seconds(60), token: .never)
            #expect(wakeUp.calls > seen)
            let between = wakeUp.calls
            _ = try store.cancel(id, now: start)
            wakeUp.wait(beyond: between, for: .seconds(60), token: .never)
            #expect(wakeUp.calls > between)
            withExtendedLifetime(listener) {}
        }
    }

    @Test func tellsTheTimeOfTheServer() throws {
        try withStore { store, _, _ in
            let times = [try store.time(), try store.time()]
            #expect(times[0] <= times[1])
            // The server of the tests runs on this machine.
            #expect(abs(Double(times[1].milliseconds) / 1000 - Date().timeIntervalSince1970) < 600)
        }
    }

    @Test func refusesADatabaseOfALaterVersion() throws {
        try withStore { store, address, schema in
            try store.database.pool.transaction("pretend") { db in try db.execute("INSERT INTO migration VALUES (99)") }
            #expect(
                throws: JobsError.failed(
                    operation: "bring the database to this version",
                    reason: "it is of version 99, and this program knows versions up to 3")
            ) {
                try PostgresJobStore(address: address, schema: schema)
            }
        }
    }

    @Test func valuesComeBackAsTheyWent() throws {
        try withStore { store, _, _ in
            let row = try store.database.pool.transaction("ask") { db in
                try db.first(
                    "SELECT $1::int8 AS least, $2::text AS word, $3::bytea AS none, $4::bytea AS bytes, $5::int8 AS null",
                    [.integer(.min), .text("a'\"é"), .bytes([]), .bytes([0, 255, 39]), .integer(nil)])
            }
            let found = try #require(row)
            #expect(try found.integer("least") == .min)
            #expect(try found.text("word") == "a'\"é")
            #expect(try found.bytes("none") == [])
            #expect(try found.bytes("bytes") == [0, 255, 39])
            #expect(found.optionalInteger("null") == nil)
        }
    }
}

private let start = WallTime(milliseconds: 1_800_000_000_000)

private func withStore(_ body: (PostgresJobStore, _ address: String, _ schema: String) throws -> Void) throws {
    try TestDatabase.withSchema { address, schema in
        try body(try PostgresJobStore(address: address, schema: schema), address, schema)
    }
}

private func newID() -> JobID {
    var generator = SystemRandomNumberGenerator()
    return JobID(using: &generator)
}

private func newJob(_ id: JobID, shards: Int = 1, identity: String? = nil) -> NewJob {
    NewJob(
        id: id, kind: "sweep", requirement: "model", payload: [1], identity: identity ?? id.text,
        shards: (0..<shards).map { [UInt8($0)] }, client: "ann")
}

private func request() -> ClaimRequest {
    var generator = SystemRandomNumberGenerator()
    return ClaimRequest(
        kinds: ["sweep"], requirements: ["model"],
        lease: Lease(
            token: LeaseToken(using: &generator), worker: "worker", until: start.advanced(byMilliseconds: 1000)))
}

/// Has the server end every other connection whose last statement was about the schema's tables.
private func endConnections(of schema: String, _ address: String) throws {
    try PostgresConnection(address: address, schema: "public").execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND application_name = 'switchback \(schema)'
        """)
}
