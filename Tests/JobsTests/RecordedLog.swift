import Concurrency
import Logging
import TestLogs

/// What was logged: the level, the message and the error of each event, in one line.
final class RecordedLog: Sendable {
    private let written = Guarded<[String]>([])

    var lines: [String] { written.withLock { $0 } }
    var logger: Logger {
        ObservedLog.logger { [written] level, message, metadata in
            let error = metadata["error"].map { " \($0)" } ?? ""
            written.withLock { $0.append("\(level) \(message)\(error)") }
        }
    }
}
