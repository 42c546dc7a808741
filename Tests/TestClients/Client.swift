import Glibc
package import HTTPServer

/// A blocking client on a real socket.
///
/// Everything it waits for has a limit of 60 s, so that a fault fails and does not hang.
package final class Client {
    private static let patience = timeval(tv_sec: 60, tv_usec: 0)
    private(set) var descriptor: Int32
    private var unread: [UInt8] = []

    /// A client connected to the address; `receiveBytes` shrinks what the kernel buffers for it, and `source` is the
    /// IPv4 address it comes from.
    package init(to address: ListenAddress, receiveBytes: Int32? = nil, from source: String? = nil) throws {
        let target = SocketAddress(address)
        descriptor = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ClientError.system("socket", errno) }
        if let receiveBytes { set(SO_RCVBUF, to: receiveBytes) }
        set(SO_RCVTIMEO, to: Self.patience)
        set(SO_SNDTIMEO, to: Self.patience)
        if let source {
            let origin = SocketAddress(try ListenAddress("\(source):0"))
            guard origin.bind(descriptor) == 0 else { throw ClientError.system("bind", errno) }
        }
        guard target.connect(descriptor) == 0 else { throw ClientError.system("connect", errno) }
    }

    deinit {
        close()
    }

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            // SAFETY: the array lives for the closure and the kernel reads what is left of it.
            let count = unsafe bytes.suffix(from: sent).withUnsafeBytes { rest in
                unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ClientError.system("send", errno) }
            sent += count
        }
    }

    /// The next answer, interim ones among them.
    package func answer(toHEAD: Bool = false) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        var end = unread.firstRange(of: separator)
        while end == nil {
            try receiveMore()
            end = unread.firstRange(of: separator)
        }
        let head = String(decoding: unread[..<(end?.lowerBound ?? 0)], as: UTF8.self)
        unread.removeFirst(end?.upperBound ?? 0)
        var answer = try Answer(head: head)
        let length = toHEAD ? 0 : Int(answer.fields["content-length"] ?? "0") ?? 0
        while unread.count < length { try receiveMore() }
        answer.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return answer
    }

    /// The next chunk of a body that comes over time; an empty one is its end.
    package func chunk() throws -> [UInt8] {
        let line = Array("\r\n".utf8)
        var end = unread.firstRange(of: line)
        while end == nil {
            try receiveMore()
            end = unread.firstRange(of: line)
        }
        let size = String(decoding: unread[..<(end?.lowerBound ?? 0)], as: UTF8.self)
        unread.removeFirst(end?.upperBound ?? 0)
        guard let count = Int(size, radix: 16) else { throw ClientError.malformed(size) }
        while unread.count < count + 2 { try receiveMore() }
        defer { unread.removeFirst(count + 2) }
        return Array(unread.prefix(count))
    }

    /// The answer to a GET.
    package func get(_ target: String) throws -> Answer {
        try send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try answer()
    }

    /// What comes up to the end of the connection.
    package func rest() throws -> [UInt8] {
        while true {
            let bytes = try receiveSome()
            if bytes.isEmpty { break }
            unread += bytes
        }
        defer { unread = [] }
        return unread
    }

    /// Whether the server has ended the connection properly, with nothing left to read.
    package func reachesEnd() throws -> Bool {
        guard unread.isEmpty else { return false }
        return try receiveSome().isEmpty
    }

    /// Whether the connection was reset by the server.
    package func isReset() -> Bool {
        do {
            while try !receiveSome().isEmpty {}
            return false
        } catch {
            return error == .system("recv", ECONNRESET)
        }
    }

    /// Ends the sending direction.
    package func shutdownWrite() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes with a FIN.
    package func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Closes with a reset.
    package func reset() {
        set(SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
        close()
    }

    private func receiveMore() throws {
        let bytes = try receiveSome()
        if bytes.isEmpty { throw ClientError.endOfStream(unread: String(decoding: unread, as: UTF8.self)) }
        unread += bytes
    }

    private func receiveSome() throws(ClientError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256 << 10)
        // SAFETY: the array lives for the closure and the kernel writes at most `count` bytes.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw .system("recv", errno) }
        return Array(bytes.prefix(count))
    }

    private func set<Value: BitwiseCopyable>(_ option: Int32, to value: Value) {
        var value = value
        // SAFETY: the kernel reads the value, of the size told, during the call.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Value>.size))
    }
}

package enum ClientError: Error, Equatable {
    case system(String, Int32)
    case endOfStream(unread: String)
    case malformed(String)
}

/// An answer as the client read it.
package struct Answer: Equatable {
    package var status: Int
    /// By name in lower case.
    package var fields: [String: String] = [:]
    package var body: [UInt8] = []

    /// Whether the server ends the connection after it.
    package var isLast: Bool { fields["connection"] == "close" }

    package var text: String { String(decoding: body, as: UTF8.self) }

    init(head: String) throws {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw ClientError.malformed(head)
        }
        self.status = status
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw ClientError.malformed(String(line)) }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
    }
}
