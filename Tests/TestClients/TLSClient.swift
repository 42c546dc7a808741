import CTLSPeer
import Glibc

package import HTTPServer

/// A blocking client that speaks TLS over a ``Client``'s socket.
@safe
package final class TLSClient {
    /// How it speaks.
    package struct Options {
        package var minimum: Int32 = 12
        package var maximum: Int32 = 13
        package var suites: String?
        package var protocols: [String] = ["http/1.1"]
        package var authority: Identity?
        package var identity: Identity?

        package init(authority: Identity? = nil) { self.authority = authority }
    }

    /// The socket it speaks over.
    package let client: Client
    private let peer: OpaquePointer
    private var unread: [UInt8] = []

    /// A client that has carried out its handshake; throws OpenSSL's words if that fails.
    package init(
        to address: ListenAddress, receiveBytes: Int32? = nil, resuming earlier: TLSClient? = nil, _ options: Options
    ) throws {
        let client = try Client(to: address, receiveBytes: receiveBytes)
        self.client = client
        let protocols = options.protocols.map { "\(Character(UnicodeScalar(UInt8($0.utf8.count))))\($0)" }.joined()
        // SAFETY: the texts live for the closures and the identities for the initialiser; the C side keeps none of the
        // first and counts references to the second.
        let made = unsafe Self.withText(options.suites) { suites in
            unsafe Self.withText(protocols.isEmpty ? nil : protocols) { protocols in
                var all = unsafe sb_peer_options(
                    minimum: options.minimum, maximum: options.maximum, suites: suites, protocols: protocols,
                    authority: options.authority?.handle, identity: options.identity?.handle)
                return unsafe sb_peer_new(client.descriptor, &all)
            }
        }
        guard let made = unsafe made else { throw TLSFailure(reason: "no client") }
        unsafe peer = made
        // SAFETY: both peers are their objects' and live.
        if let earlier, unsafe sb_peer_resume(peer, earlier.peer) != 1 { throw TLSFailure(reason: "no session") }
        guard unsafe sb_peer_connect(peer) == 1 else { throw TLSFailure(reason: reason) }
    }

    deinit {
        // SAFETY: it came from sb_peer_new and is freed here alone.
        unsafe sb_peer_free(peer)
    }

    // SAFETY: for all below, the peer is this object's and lives, and arrays live for the calls they are lent to.
    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) throws {
        guard unsafe sb_peer_write(peer, bytes, bytes.count) == bytes.count else { throw TLSFailure(reason: reason) }
    }

    /// The next answer.
    package func answer() throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        while unread.firstRange(of: separator) == nil { try receiveMore() }
        let end = unread.firstRange(of: separator) ?? 0..<0
        var answer = try Answer(head: String(decoding: unread[..<end.lowerBound], as: UTF8.self))
        unread.removeFirst(end.upperBound)
        let length = Int(answer.fields["content-length"] ?? "0") ?? 0
        while unread.count < length { try receiveMore() }
        answer.body = Array(unread.prefix(length))
        unread.removeFirst(length)
        return answer
    }

    /// The answer to a GET.
    package func get(_ path: String) throws -> Answer {
        try send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try answer()
    }

    /// Whether the server has said with `close_notify` that nothing more comes.
    package func reachesEnd() throws -> Bool {
        try unread.isEmpty && receiveSome().isEmpty
    }

    /// Sends `close_notify`.
    package func end() { unsafe sb_peer_end(peer) }

    /// Asks for new keys (TLS 1.3) or another handshake (1.2): whether that was possible.
    package func rekey() -> Bool { unsafe sb_peer_rekey(peer) == 1 }

    package var version: Int32 { unsafe sb_peer_version(peer) }
    package var wasResumed: Bool { unsafe sb_peer_was_resumed(peer) == 1 }
    package var suite: String { unsafe words { unsafe sb_peer_suite(peer, $0, $1) } }
    package var chosenProtocol: String { unsafe words { unsafe sb_peer_protocol(peer, $0, $1) } }
    package var serverName: String { unsafe words { unsafe sb_peer_server_name(peer, $0, $1) } }

    /// OpenSSL's words for the last failure.
    private var reason: String { unsafe words { unsafe sb_peer_reason(peer, $0, $1) } }

    private func receiveMore() throws {
        let bytes = try receiveSome()
        if bytes.isEmpty { throw ClientError.endOfStream(unread: String(decoding: unread, as: UTF8.self)) }
        unread += bytes
    }

    private func receiveSome() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe sb_peer_read(peer, &bytes, bytes.count)
        guard count >= 0 else { throw TLSFailure(reason: reason) }
        return Array(bytes.prefix(count))
    }

    private func words(_ write: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { words in
            guard let base = words.baseAddress else { return "" }
            unsafe write(base, words.count)
            return unsafe String(cString: base)
        }
    }

    private static func withText<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
        guard let text else { return body(nil) }
        return unsafe text.withCString { unsafe body($0) }
    }
}

/// Why a client's TLS failed, in OpenSSL's words.
package struct TLSFailure: Error, Equatable {
    package var reason: String

    package init(reason: String) { self.reason = reason }
}
