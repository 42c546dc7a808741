/// The form of log lines.
enum LogFormat: String, CaseIterable, Sendable {
    /// Text on a terminal, JSON otherwise.
    case auto
    /// For people: time, level, message, `key=value`.
    case text
    /// One JSON object a line, for machines.
    case json
}
