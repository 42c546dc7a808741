import Concurrency
import Foundation
import Glibc
import Jobs
import PostgresStore
import TestClients
import TestSupport
import Testing

/// Workers on a store that several processes share, which is the schema `switchback` of the tests' database.
@Suite(
    .serialized,
    .enabled(if: SharedStore.address != nil, SharedStore.isThere))
struct WorkerTests {
    /// The job that a service takes in before it ends; the sweep is long enough to be ended in the middle.
    private func submit(_ target: String, to arguments: [String]) throws -> JobID {
        let service = try RunningProgram(arguments)
        let client = try Client(to: service.address)
        let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        let head =
            "POST \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nPrefer: respond-async\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        try client.send([UInt8](head.utf8) + body)
        let answer = try client.answer()
        #expect(answer.status == 202)
        let id = try #require(answer.fields["location"]?.split(separator: "/").last.flatMap { JobID(String($0)) })
        service.signal(SIGTERM)
        #expect(try service.awaitEnd() == 0)
        return id
    }

    /// The job, asked for until it is as wanted; ten minutes, since a program under the thread sanitizer is slow.
    private func watch(_ store: any JobStore, _ id: JobID, _ isWanted: (Job) -> Bool) throws -> Job {
        let time = MonotonicTime()
        let end = time.now + .seconds(600)
        while time.now < end {
            if let job = try store.job(id), isWanted(job) { return job }
        }
        return try #require(try store.job(id))
    }

    @Test func workersGoOnWithTheJobsOfAServiceThatHasEnded() throws {
        let address = try #require(SharedStore.address)
        let store: any JobStore = try PostgresJobStore(address: address)
        let arguments = ["--store", address, "--no-access-log", "--answer-cache-bytes", "0"]
        let sweep = "/occlusion?patch=26&stride=7"
        let id = try submit(sweep, to: arguments)

        let first = try RunningWorker(address)
        _ = try watch(store, id) { $0.progress.done >= 1 }
        first.signal(SIGTERM)
        #expect(try first.awaitEnd() == 0)
        let between = try #require(try store.job(id))
        #expect(between.attempts == 0)
        // Another program of the tests may have taken a shard meanwhile: they all use this store.
        #expect(
            try store.shards(of: id).allSatisfy { shard in
                if case .leased(let lease) = shard.state { !first.holds(lease) } else { true }
            })

        let second = try RunningWorker(address)
        #expect(try watch(store, id) { $0.state.isEnded }.state == .completed)
        second.signal(SIGTERM)
        #expect(try second.awaitEnd() == 0)

        let service = try RunningProgram(arguments)
        let client = try Client(to: service.address)
        #expect(try client.get("/jobs/\(id)/result").status == 200)
        service.signal(SIGTERM)
        #expect(try service.awaitEnd() == 0)
    }

    @Test func aWorkerNeedsAStore() throws {
        let result = try Program.run(["worker"])
        #expect(result.status == 64)
        #expect(result.errors.contains("--store postgresql://user@host/name"))
    }

    @Test func theConfigurationKeepsThePasswordToItself() throws {
        let result = try Program.run(["config", "--store", "postgresql://ann:s3cret@db.example/jobs"])
        #expect(result.text.contains("postgresql://ann:***@db.example/jobs"))
        #expect(!result.text.contains("s3cret"))
    }
}

/// `switchback worker` until it is told to stop.
private final class RunningWorker {
    private let process: Process
    private let reader: LineReader

    /// Starts it on one thread; returns when it works.
    init(_ address: String) throws {
        let pipe = Pipe()
        process = try Program.process(["worker", "--store", address, "--threads", "1"], environment: [:])
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        reader = LineReader(pipe.fileHandleForReading)
        try process.run()
        _ = try reader.next(holding: "\"message\":\"working\"")
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Whether the lease is this worker's.
    func holds(_ lease: Lease) -> Bool { lease.worker.hasSuffix("-\(process.processIdentifier)") }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Its exit status, when it has ended.
    func awaitEnd() throws -> Int32 {
        try reader.finish()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }
}
