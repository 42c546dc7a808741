public import Logging

/// A log of tests.
public enum ObservedLog {
    /// What is told of an event: its level, its message, and the logger's metadata with its own.
    public typealias Observer = @Sendable (Logger.Level, String, Logger.Metadata) -> Void

    /// A logger that tells of its events of this level and above.
    public static func logger(_ level: Logger.Level = .debug, observe: @escaping Observer) -> Logger {
        Logger(label: "test") { _ in Handler(logLevel: level, observe: observe) }
    }

    private struct Handler: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level
        let observe: Observer

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            observe(event.level, "\(event.message)", metadata.merging(event.metadata ?? [:]) { $1 })
        }
    }
}
