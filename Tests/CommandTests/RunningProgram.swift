import Dispatch
import Foundation
import Glibc
import HTTPServer

/// The program as a service that runs until it is told to stop.
final class RunningProgram {
    private let process: Process
    private let reader: LineReader
    /// Ends the program, and with it whatever a test waits for, if the test takes too long.
    private let watchdog: any DispatchSourceTimer
    /// Where it listens.
    let address: ListenAddress

    /// The lines of the log so far, as JSON.
    var log: [String] { reader.lines }

    /// Starts `switchback serve` on a free port of the loopback; returns when it listens.
    init(
        _ arguments: [String] = [], scheme: String = "http", environment: [String: String] = [:],
        executable: URL? = nil
    ) throws {
        let pipe = Pipe()
        process = try Program.process(
            ["serve", "--listen", "\(scheme)://127.0.0.1:0"] + arguments, environment: environment,
            executable: executable)
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        reader = LineReader(pipe.fileHandleForReading)
        try process.run()
        watchdog = Self.watchdog(of: process.processIdentifier)
        let host = "\(scheme)://127.0.0.1:"
        let digits = try reader.next(holding: host).split(separator: host)[1].prefix { $0.isNumber }
        address = try ListenAddress(host + digits)
    }

    /// A timer that runs already: Dispatch traps where one that does not is given up.
    private static func watchdog(of number: pid_t) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource()
        timer.setEventHandler { @Sendable in kill(number, SIGKILL) }
        timer.schedule(deadline: .now() + 120)
        timer.activate()
        return timer
    }

    deinit {
        watchdog.cancel()
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The next line of the log that holds `text`; throws if the program ends before.
    @discardableResult
    func awaitLine(_ text: String) throws -> String { try reader.next(holding: text) }

    /// Sends it a signal.
    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Reads no more of its log: writing to it fails from now on.
    func closeLog() { reader.close() }

    /// Its exit status, when it has ended; reads the rest of the log before.
    func awaitEnd() throws -> Int32 {
        try reader.finish()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }
}
