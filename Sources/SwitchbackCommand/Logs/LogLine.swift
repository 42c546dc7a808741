import Foundation
import Logging
import WebService

/// One line of the log: nothing in it can end the line or begin another.
struct LogLine {
    let time: Date
    let level: Logger.Level
    let message: String
    /// Flattened: a dictionary's member `b` under `a` is `a.b`, a list's first element `a.0`.
    let metadata: [(key: String, value: JSON)]

    init(time: Date, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        // To the nearest millisecond: the format below cuts off.
        self.time = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1000).rounded() / 1000 + 1e-5)
        self.level = level
        self.message = message
        self.metadata = metadata.sorted { $0.key < $1.key }.flatMap { Self.flatten($0.key, $0.value) }
    }

    /// `{"time":…,"level":…,"message":…,…}` with a line feed; metadata of one of these three names gets a line below it.
    var json: [UInt8] {
        let own = ["time": JSON.string(timestamp), "level": .string(level.rawValue), "message": .string(message)]
        let members = ["time", "level", "message"].compactMap { name in own[name].map { JSON.Member(name, $0) } }
        return JSON.object(
            members + metadata.map { JSON.Member(own[$0.key] == nil ? $0.key : "_" + $0.key, $0.value) }
        ).encoded()
    }

    /// `2026-01-02T03:04:05.678Z warning the message key=value` with a line feed.
    ///
    /// Values that are words of the message already are left out, values with spaces are quoted.
    var text: [UInt8] {
        let words = Set(message.split(separator: " "))
        let rest = metadata.compactMap { key, value -> String? in
            let text = Self.text(of: value)
            guard !words.contains(text[...]) else { return nil }
            let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            return " \(Self.escaped(key))=" + (isPlain ? text : "\"" + text.replacing("\"", with: "\\\"") + "\"")
        }
        let level = level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return [UInt8]("\(timestamp) \(level) \(Self.escaped(message))\(rest.joined())\n".utf8)
    }

    /// RFC 3339 in UTC, to the millisecond.
    private var timestamp: String {
        time.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }

    private static func text(of value: JSON) -> String {
        switch value {
        case .string(let text): escaped(text)
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        default: ""
        }
    }

    /// Control characters, and what other programs take for line ends or for a change of direction, as `\u{…}`.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            if isEscaped(scalar) {
                escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar == "\\"
        }
    }

    private static func flatten(_ key: String, _ value: Logger.MetadataValue) -> [(key: String, value: JSON)] {
        switch value {
        case .string(let text): [(key, .string(text))]
        case .stringConvertible(let number as Int): [(key, .integer(number))]
        case .stringConvertible(let number as Double): [(key, .double(number))]
        case .stringConvertible(let value): [(key, .string("\(value)"))]
        case .dictionary(let members):
            members.sorted { $0.key < $1.key }.flatMap { flatten(key + "." + $0.key, $0.value) }
        case .array(let elements): elements.enumerated().flatMap { flatten(key + ".\($0.offset)", $0.element) }
        }
    }
}
