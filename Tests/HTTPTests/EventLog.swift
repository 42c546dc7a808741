import HTTP
import HTTPTypes

/// Events of the parser in the words of the documents.
struct EventLog {
    private(set) var lines: [String] = []
    private var body: [UInt8] = []

    mutating func append(_ event: RequestEvent) {
        switch event {
        case .head(let head): lines += Self.lines(of: head)
        case .body(let bytes): body += bytes
        case .end(let trailers):
            if !body.isEmpty { lines.append("body \(Self.text(body))") }
            lines += trailers.map { "trailer \($0.name): \($0.value)" }
            lines.append("end")
            body = []
        case .failure(let error):
            // How much of a broken body came before depends on the pieces.
            lines.append("failure \(error.status.code) \(error)")
        }
    }

    private static func lines(of head: RequestHead) -> [String] {
        var first = "\(head.method) \(head.target.raw) "
        first += head.version == .http10 ? "HTTP/1.0" : "HTTP/1.1"
        if !head.keepsAlive { first += " close" }
        if head.expectsContinue { first += " continue" }
        switch head.bodyLength {
        case .none: break
        case .fixed(let count): first += " body \(count)"
        case .chunked: first += " chunked"
        }
        var lines = [first]
        if let scheme = head.request.scheme { lines.append("scheme \(scheme)") }
        if let authority = head.authority { lines.append("authority \(authority)") }
        let hidesSlash = head.target.segments.contains { $0.contains("/") }
        let path = hidesSlash ? "/" + head.target.segments.joined(separator: "|") : head.target.path
        if path != head.target.raw { lines.append("path \(path)") }
        lines += head.target.query.map { "query \($0.name)=\($0.value)" }
        lines += head.fields.map { "field \($0.name): \($0.value)" }
        return lines
    }

    private static func text(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            (0x20...0x7E).contains(byte)
                ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
