/// One event of a stream of server-sent events (WHATWG HTML, section 9.2).
public struct ServerSentEvent: Equatable, Sendable {
    /// What such a stream is.
    public static let mediaType = "text/event-stream"

    /// What kind of event; `message` to its reader where it is nil.
    public var name: String?
    /// What it says; several lines are several fields `data`.
    public var data: String
    /// What a reader that comes back says in `Last-Event-ID`.
    public var id: String?

    /// An event of these parts; name and id are one line each.
    public init(name: String? = nil, data: String, id: String? = nil) {
        for text in [name, id].compactMap(\.self) {
            precondition(!text.utf8.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }, "'\(text)' is not one line")
        }
        self.name = name
        self.data = data
        self.id = id
    }

    /// The event as it is sent, in UTF-8.
    public var bytes: [UInt8] {
        var text = ""
        if let name { text += "event: \(name)\n" }
        if let id { text += "id: \(id)\n" }
        let isLineEnd: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    /// How long a reader that has lost the stream waits before it comes back.
    public static func retry(milliseconds: Int) -> [UInt8] { Array("retry: \(milliseconds)\n\n".utf8) }

    /// A line that readers pass over.
    public static let comment: [UInt8] = Array(":\n\n".utf8)
}
