/// Writes metrics in Prometheus' text form, version 0.0.4.
struct PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []

    /// The two lines that introduce a metric.
    mutating func introduce(_ name: String, _ kind: MetricKind, help: String) {
        if !help.isEmpty { append("# HELP \(name) \(Self.escaped(help, quotes: false))\n") }
        append("# TYPE \(name) \(kind.rawValue)\n")
    }

    /// One value; `labels` as ``labels(_:)`` gives them, with another one behind them if need be.
    mutating func line(_ name: String, labels: String, _ value: String) {
        append(labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// `name="value"` with commas between.
    static func labels(_ labels: [(String, String)]) -> String {
        labels.map { "\(name($0.0))=\"\(escaped($0.1, quotes: true))\"" }.joined(separator: ",")
    }

    /// A name with `_` in the place of what no metric's name has.
    static func name(_ text: String) -> String {
        let name = text.map { character in
            character.isASCII && (character.isLetter || character.isNumber || character == "_") ? character : "_"
        }
        return name.first?.isNumber == false ? String(name) : "_" + String(name)
    }

    /// The shortest decimal that reads back as the same number; whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n", "\r\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
