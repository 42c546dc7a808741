internal import Foundation
internal import Jobs

/// Times of day as the wire has them: RFC 3339 in UTC, with milliseconds.
enum Timestamp {
    private static var style: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }

    static func text(_ time: WallTime) -> String {
        // The style cuts digits off, and what stands behind the third is rounding.
        Date(timeIntervalSince1970: (Double(time.milliseconds) + 0.5) / 1000).formatted(style)
    }

    /// The time that `text` says, with or without a fraction of seconds; nil for a text that is none.
    static func time(_ text: String) -> WallTime? {
        guard let date = (try? Date(text, strategy: style)) ?? (try? Date(text, strategy: .iso8601)),
            date.timeIntervalSince1970.magnitude < 1e14
        else { return nil }
        return WallTime(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}
