import Foundation
import TestSupport

/// The built program, run as people run it.
struct Program {
    struct Result {
        let status: Int32
        let output: [UInt8]
        let errors: String
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The program beside the test bundle that runs, where the build puts both.
    private static var executable: URL {
        get throws {
            var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            for _ in 0..<4 {
                folder = folder.deletingLastPathComponent()
                let candidate = folder.appendingPathComponent("switchback")
                if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            }
            throw ProgramMissing(near: CommandLine.arguments[0])
        }
    }

    /// The program with `arguments`, not started; it finds the models of the source tree.
    static func process(
        _ arguments: [String], environment: [String: String], executable given: URL? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = try given ?? executable
        process.arguments = arguments
        let models = Fixtures.root.appendingPathComponent("Models").path
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWITCHBACK_MODELS": models]) { $1 }.merging(environment) { $1 }
        return process
    }

    /// Runs the program with `arguments` to its end, with `input` on standard input.
    static func run(_ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]) throws -> Result {
        let process = try process(arguments, environment: environment)
        let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = stdin
        try process.run()
        let feeding = Thread {
            try? stdin.fileHandleForWriting.write(contentsOf: Data(input))
            try? stdin.fileHandleForWriting.close()
        }
        feeding.start()
        let bytes = [UInt8](try output.fileHandleForReading.readToEnd() ?? Data())
        let words = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: bytes, errors: words)
    }

    static var photo: String { Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png").path }
}

/// The program is not where the build puts it.
struct ProgramMissing: Error {
    let near: String
}
