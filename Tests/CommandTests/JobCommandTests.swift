import Foundation
import Glibc
import TestClients
import TestSupport
import Testing

/// Jobs from the command line: handed in, watched, cancelled, and what comes of them.
@Suite(.serialized) struct JobCommandTests {
    private static let sweep = ["occlusion", Program.photo, "--patch", "24", "--stride", "5"]

    /// What `jobs show` says of a job.
    private func job(_ id: String, in folder: TemporaryFolder) throws -> (state: String, done: Int, total: Int) {
        let result = try Program.run(["jobs", "show", id, "--data", folder.path, "--format", "json"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
        let progress = try #require(object["progress"] as? [String: Int])
        return (
            try #require(object["state"] as? String), try #require(progress["done"]), try #require(progress["total"])
        )
    }

    /// Hands a sweep in; its name.
    private func submit(_ folder: TemporaryFolder) throws -> String {
        let result = try Program.run(Self.sweep + ["--async", "--data", folder.path])
        #expect(result.status == 0)
        let id = result.text.trimmingCharacters(in: .newlines)
        #expect(id.count == 32)
        #expect(result.errors.contains("switchback jobs watch \(id) --data \(folder.path)"))
        #expect(result.errors.contains("/jobs/\(id)/events"))
        return id
    }

    @Test func whatIsWaitedForIsTheAnswerAtOnceByteForByte() throws {
        let folder = try TemporaryFolder()
        let small = ["occlusion", Program.photo, "--patch", "60", "--stride", "60"]
        for form in [["--format", "json"], ["--array", "delta"], ["--view", "heatmap"], []] {
            let waited = try Program.run(small + form + ["--wait", "--data", folder.path])
            #expect(waited.status == 0, "\(waited.errors)")
            #expect(waited.output == (try Program.run(small + form).output))
        }
        // All of these are one job.
        let list = try Program.run(["jobs", "--data", folder.path])
        #expect(list.text.split(separator: "\n").count == 2)
        let id = try #require(list.text.split(separator: "\n").last?.split(separator: " ").first)
        let form = ["--view", "heatmap", "--background", "none"]
        let overlay = try Program.run(["jobs", "result", String(id), "--data", folder.path] + form)
        #expect(overlay.status == 0, "\(overlay.errors)")
        #expect(overlay.output == (try Program.run(small + form).output))
        #expect(list.text.contains("completed"))
        let other = try Program.run(["jobs", "list", "--state", "running,available", "--data", folder.path])
        #expect(other.text.split(separator: "\n").count == 1)
    }

    @Test func aJobIsHandedInSeenAndCancelled() throws {
        let folder = try TemporaryFolder()
        let id = try submit(folder)
        #expect(try submit(folder) == id)
        #expect(try job(id, in: folder) == ("available", 0, try job(id, in: folder).total))
        let early = try Program.run(["jobs", "result", id, "--data", folder.path, "-o", folder.path + "/x.png"])
        #expect(early.status == 1)
        #expect(early.errors.contains("is available, 0 of"))
        let cancelled = try Program.run(["jobs", "cancel", id, "--data", folder.path])
        #expect(cancelled.status == 0)
        #expect(try job(id, in: folder).state == "cancelled")
        let watched = try Program.run(["jobs", "watch", id, "--data", folder.path])
        #expect(watched.status == 1)
        #expect(watched.errors.contains("cancelled"))
        let shown = try Program.run(["jobs", "show", id, "--data", folder.path])
        #expect(shown.text.contains("stride=5"))
    }

    @Test func aServiceDoesWhatIsHandedInBesideIt() throws {
        let folder = try TemporaryFolder()
        let service = try RunningProgram(["--data", folder.path, "--no-access-log"])
        let id = try submit(folder)
        let watched = try Program.run(["jobs", "watch", id, "--data", folder.path])
        #expect(watched.status == 0, "\(watched.errors)")
        let result = try Program.run(["jobs", "result", id, "--data", folder.path, "--array", "delta"])
        #expect(result.output == (try Program.run(Self.sweep + ["--array", "delta"]).output))
        let partial = try Program.run(["jobs", "partial", id, "--data", folder.path, "--array", "delta"])
        #expect(partial.output == result.output)
        service.signal(SIGTERM)
        #expect(try service.awaitEnd() == 0)
    }

    @Test func controlCCancelsAndTheSameCommandGoesOn() throws {
        let folder = try TemporaryFolder()
        let id = try submit(folder)
        let arguments = Self.sweep + ["--array", "delta", "--wait", "--data", folder.path]
        let process = try Program.process(arguments + ["--threads", "1"], environment: [:])
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var done = 0
        for _ in 0..<1000 where done == 0 { done = try job(id, in: folder).done }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        let words = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(process.terminationReason == .exit && process.terminationStatus == 130, "\(words)")
        #expect(words.contains("the same command goes on from there"))
        let left = try job(id, in: folder)
        #expect(left.state == "cancelled" && left.done > 0 && left.done < left.total)
        let again = try Program.run(arguments)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output == (try Program.run(Self.sweep + ["--array", "delta"]).output))
        #expect(try job(id, in: folder).state == "completed")
    }

    @Test(arguments: [
        (["jobs", "list"], 64, "--data"),
        (["jobs", "list", "--data", "/nonexistent"], 1, "no jobs in"),
        (["occlusion", "PHOTO", "--data", "/tmp"], 64, "--async"),
        (["occlusion", "PHOTO", "--async"], 64, "--data"),
        (["occlusion", "PHOTO", "--async", "--data", "/nonexistent", "-o", "x.png"], 64, "'--output'"),
        (["occlusion", "PHOTO", "--async", "--data", "/nonexistent", "--format", "json"], 64, "jobs result"),
        (["occlusion", "PHOTO", "--async", "--wait", "--data", "/nonexistent"], 64, "either"),
        (["jobs", "watch"], 64, "job"),
    ])
    func saysWhatIsWrong(arguments: [String], status: Int32, word: String) throws {
        let result = try Program.run(arguments.map { $0 == "PHOTO" ? Program.photo : $0 })
        #expect(result.status == status)
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test func saysWhichJobsAndWordsThereAre() throws {
        let folder = try TemporaryFolder()
        let id = try submit(folder)
        let unknown = try Program.run(["jobs", "show", String(repeating: "0", count: 32), "--data", folder.path])
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("no job"))
        let state = try Program.run(["jobs", "list", "--state", "done", "--data", folder.path])
        #expect(state.status == 64)
        #expect(state.errors.contains("completed"))
        let option = try Program.run(["jobs", "result", id, "--layer", "fire9", "--data", folder.path])
        #expect(option.status == 64)
    }
}
