import Dispatch
import Foundation
import Glibc
import Testing

/// The program as a service that runs until it is told to stop.
final class RunningProgram {
    private let process: Process
    private let errors: FileHandle
    private var unread = ""
    private var isLogClosed = false
    /// The lines of the log so far, as JSON.
    private(set) var log: [String] = []
    /// Ends the program, and with it whatever a test waits for, if the test takes too long.
    private let watchdog = DispatchSource.makeTimerSource()
    /// Where it listens.
    private(set) var port: UInt16 = 0

    /// Starts `switchback serve` on a free port of the loopback; returns when it listens.
    init(_ arguments: [String] = [], environment: [String: String] = [:]) throws {
        let pipe = Pipe()
        process = try Program.process(
            ["serve", "--listen", "127.0.0.1:0"] + arguments, environment: environment)
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        errors = pipe.fileHandleForReading
        try process.run()
        let number = process.processIdentifier
        watchdog.setEventHandler { @Sendable in kill(number, SIGKILL) }
        watchdog.schedule(deadline: .now() + 120)
        watchdog.activate()
        let line = try awaitLine("listening on http://127.0.0.1:")
        let digits = line.split(separator: "127.0.0.1:")[1].prefix { $0.isNumber }
        port = try #require(UInt16(digits))
    }

    deinit {
        watchdog.cancel()
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The next line of the log that holds `text`; throws if the program ends before.
    @discardableResult
    func awaitLine(_ text: String) throws -> String {
        while true {
            while let end = unread.firstIndex(of: "\n") {
                let line = String(unread[..<end])
                unread = String(unread[unread.index(after: end)...])
                log.append(line)
                if line.contains(text) { return line }
            }
            let data = errors.availableData
            guard !data.isEmpty else { throw ProgramEnded(waitingFor: text, log: log) }
            unread += String(decoding: data, as: UTF8.self)
        }
    }

    /// Sends it a signal.
    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Reads no more of its log: writing to it fails from now on.
    func closeLog() {
        try? errors.close()
        isLogClosed = true
    }

    /// Its exit status, when it has ended; reads the rest of the log before.
    func awaitEnd() throws -> Int32 {
        if !isLogClosed { unread += String(decoding: try errors.readToEnd() ?? Data(), as: UTF8.self) }
        log += unread.split(separator: "\n").map(String.init)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }
}

/// The program ended while a test waited for it to say something.
struct ProgramEnded: Error {
    let waitingFor: String
    let log: [String]
}
