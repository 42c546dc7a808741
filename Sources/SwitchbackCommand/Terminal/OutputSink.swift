import Foundation
import Switchback

/// Where an answer goes: a file, or standard output.
struct OutputSink {
    let path: String?

    /// Throws where binary data would be written to a terminal.
    func refuseTerminal(format: OutputFormat) throws {
        guard path == nil || path == "-", isatty(STDOUT_FILENO) == 1 else { return }
        throw Failure(
            "\(format.rawValue) is binary and this is a terminal: name a file with -o, or redirect the output")
    }

    /// Writes all of `bytes`; a regular file is replaced at once or not at all.
    func write(_ bytes: [UInt8]) throws {
        do {
            if let path, path != "-" {
                try OutputFile.write(bytes, to: path)
            } else {
                try FileHandle.standardOutput.write(contentsOf: Data(bytes))
            }
        } catch {
            throw Failure("cannot write '\(path ?? "standard output")': \(FileFailure.reason(error))")
        }
    }
}
