import Foundation
import Glibc
import TestClients
import Testing

/// What images are read from and answers are written to: files, links, pipes and devices.
@Suite("Files, links and pipes")
struct FileArgumentTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    /// The answer that `-o` writes to `name`.
    private func predict(to name: String) throws -> Program.Result {
        try Program.run(["predict", Program.photo, "-o", path(name), "--format", "json"])
    }

    @Test("a file that is replaced keeps its permissions, and a link what it names", arguments: [0o600, 0o640])
    func replaces(permissions: Int) throws {
        try Data("before".utf8).write(to: URL(fileURLWithPath: path("file.json")))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path("file.json"))
        try FileManager.default.createSymbolicLink(atPath: path("link.json"), withDestinationPath: "file.json")
        #expect(try predict(to: "link.json").status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("link.json")) == "file.json")
        #expect(try self.permissions("file.json") == permissions)
        #expect(try bytes("file.json").starts(with: Array("{\"predictions\"".utf8)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }

    @Test("a link to what is not there yet makes it")
    func danglingLink() throws {
        try FileManager.default.createSymbolicLink(atPath: path("link.json"), withDestinationPath: "file.json")
        #expect(try predict(to: "link.json").status == 0)
        #expect(try bytes("file.json").first == UInt8(ascii: "{"))
    }

    @Test("a pipe is written to and stays one")
    func writesToPipe() throws {
        // SAFETY: the C string lives for the call, which copies it.
        try #require(unsafe mkfifo(path("pipe"), 0o600) == 0)
        let reader = try Program.process(["--version"], environment: [:])
        reader.executableURL = URL(fileURLWithPath: "/bin/cat")
        reader.arguments = [path("pipe")]
        let output = Pipe()
        reader.standardOutput = output
        try reader.run()
        #expect(try predict(to: "pipe").status == 0)
        #expect(try output.fileHandleForReading.readToEnd()?.first == UInt8(ascii: "{"))
        reader.waitUntilExit()
        let type = try FileManager.default.attributesOfItem(atPath: path("pipe"))[.type] as? FileAttributeType
        #expect(type != .typeRegular)
    }

    @Test("/dev/stdout is standard output, and stays a name of it")
    func writesToStandardOutput() throws {
        let result = try Program.run(["predict", Program.photo, "-o", "/dev/stdout", "--format", "json"])
        #expect(result.status == 0 && result.output.first == UInt8(ascii: "{"), "\(result.errors)")
    }

    @Test("/dev/stdout goes on behind what stands in the file that it is", arguments: ["/dev/stdout", "/dev/fd/1"])
    func appendsToStandardOutput(name: String) throws {
        try Data("before\n".utf8).write(to: URL(fileURLWithPath: path("log")))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path("log")))
        try file.seekToEnd()
        let process = try Program.process(["predict", Program.photo, "-o", name, "--format", "json"], environment: [:])
        process.standardOutput = file
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try bytes("log").starts(with: Array("before\n{".utf8)))
    }

    @Test("a pipe is read like a file")
    func readsPipe() throws {
        let photo = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        #expect(try Program.run(["predict", "/dev/stdin"], input: photo).text.contains("Egyptian cat"))
    }

    @Test("a folder is told from a file", arguments: [["predict", "/tmp"], ["config", "--config", "/tmp"]])
    func folderInPlaceOfAFile(arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.status == 1 && result.errors.contains("it is a folder"), "\(result.errors)")
    }

    @Test("an ending of no format is refused unless the format is told")
    func endings() throws {
        let refused = try Program.run(["predict", Program.photo, "-o", path("x.jpg")])
        #expect(refused.status == 64 && refused.errors.contains(".json, .png or .npy"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("x.jpg")))
        #expect(try Program.run(["predict", Program.photo, "-o", path("x.txt"), "--format", "json"]).status == 0)
        #expect(try Program.run(["predict", Program.photo, "-o", path("x")]).status == 0)
        #expect(try bytes("x") == bytes("x.txt"))
    }

    @Test(
        "a wrong value found late is told with its own command's usage",
        arguments: [
            (["predict", "PHOTO", "--top", "0"], "Usage: switchback predict <image>", "'switchback predict --help'"),
            (["jobs", "list", "--data", "DATA", "--state", "x"], "option '--state'", "'switchback jobs list --help'"),
        ])
    func usage(arguments: [String], words: String, help: String) throws {
        let result = try Program.run(
            arguments.map { $0 == "PHOTO" ? Program.photo : $0 == "DATA" ? path("data") : $0 })
        #expect(result.status == 64)
        #expect(result.errors.contains(words) && result.errors.contains(help), "\(result.errors)")
    }
}
