import Concurrency
import Logging

/// What was logged: the level, the message and the error of each event, in one line.
final class RecordedLog: Sendable {
    private let written = Guarded<[String]>([])

    var lines: [String] { written.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { [written] _ in Handler(written: written) } }

    private struct Handler: LogHandler {
        let written: Guarded<[String]>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let error = event.metadata?["error"].map { " \($0)" } ?? ""
            written.withLock { $0.append("\(event.level) \(event.message)\(error)") }
        }
    }
}
