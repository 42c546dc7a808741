import Foundation
import Glibc

/// A blocking client that opens a connection for each request: small enough to be trusted in a test of our own server.
struct HTTPClient {
    let port: UInt16

    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]

        /// The value of a header field; nil where it is absent.
        func field(_ name: String) -> String? {
            let line = head.split(separator: "\r\n").dropFirst().first {
                $0.prefix { $0 != ":" }.lowercased() == name.lowercased()
            }
            return line?.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)
        }

        /// The beginning of the body, for messages.
        var text: String { String(decoding: body.prefix(300), as: UTF8.self) }
    }

    /// Sends one request and reads its answer to the end of the connection.
    ///
    /// - Parameter sendsBody: false for a client that waits for leave to send it.
    func send(
        _ method: String, _ target: String, type: String? = nil, fields: [String] = [], body: [UInt8] = [],
        sendsBody: Bool = true
    ) throws -> Answer {
        try open(method, target, type: type, fields: fields, body: body, sendsBody: sendsBody).answer()
    }

    /// Sends one request, whose answer can be read later.
    func open(
        _ method: String, _ target: String, type: String? = nil, fields: [String] = [], body: [UInt8] = [],
        sendsBody: Bool = true
    ) throws -> OpenConnection {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if let type { head += "Content-Type: \(type)\r\n" }
        for field in fields { head += field + "\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return try open([UInt8](head.utf8) + (sendsBody ? body : []))
    }

    /// Sends these bytes and reads what comes to the end of the connection.
    func exchange(_ bytes: [UInt8]) throws -> Answer { try open(bytes).answer() }

    private func open(_ bytes: [UInt8]) throws -> OpenConnection {
        let file = FileHandle(fileDescriptor: try connect(), closeOnDealloc: true)
        try file.write(contentsOf: Data(bytes))
        return OpenConnection(file: file)
    }

    private func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // SAFETY: `address` is on this stack frame and outlives the call, which reads exactly the size it is told.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, result == 0 else { throw TestFailure("cannot connect: errno \(errno)") }
        return descriptor
    }
}

/// A connection on which a request was sent.
struct OpenConnection {
    let file: FileHandle

    /// The answer, read to the end of the connection.
    func answer() throws -> HTTPClient.Answer {
        let answer = [UInt8](try file.readToEnd() ?? Data())
        guard let end = answer.firstRange(of: [13, 10, 13, 10]) else { throw TestFailure("no answer from the server") }
        let text = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        guard let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw TestFailure("no status in '\(text)'")
        }
        return HTTPClient.Answer(status: status, head: text, body: Array(answer[end.upperBound...]))
    }
}
