import Foundation
import Logging

/// Writes each event as one line with one call of `write`.
struct LineLogHandler: LogHandler {
    /// Whether lines are JSON and not text.
    let isJSON: Bool
    let write: @Sendable ([UInt8]) -> Void
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// A handler whose lines go to `write`.
    init(isJSON: Bool, logLevel: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.isJSON = isJSON
        self.logLevel = logLevel
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, later in later } }
        if let given = event.metadata { all.merge(given) { _, later in later } }
        if let error = event.error { all["error"] = "\(error)" }
        let line = LogLine(time: Date(), level: event.level, message: "\(event.message)", metadata: all)
        write(isJSON ? line.json : line.text)
    }
}

/// The service's log on standard error, in the form and from the level that the settings say.
struct ServiceLog {
    let logger: Logger

    init(_ settings: ServiceSettings) {
        let isJSON =
            switch settings.logFormat {
            case .auto: isatty(STDERR_FILENO) == 0
            case .text: false
            case .json: true
            }
        let level = settings.logLevel
        logger = Logger(label: "switchback") { _ in
            LineLogHandler(isJSON: isJSON, logLevel: level) { bytes in
                // Where nobody reads the log any more there is nobody to tell.
                try? FileHandle.standardError.write(contentsOf: Data(bytes))
            }
        }
    }
}
