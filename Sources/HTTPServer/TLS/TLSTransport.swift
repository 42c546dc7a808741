internal import COpenSSL
internal import Glibc

/// The server's end of TLS on a socket.
///
/// Reads carry out the handshake. A read takes one record from the socket and leaves nothing behind that the poll could
/// not report: OpenSSL does not read ahead, and the buffer has room for the largest record.
@safe
final class TLSTransport: Transport {
    private enum Stage {
        case secured
        /// The peer has been told that it is refused; what it still sends is dropped.
        case refused
        /// The peer speaks HTTP without TLS, and is answered so.
        case plain
    }

    let fullReadBytes = Int(SB_TLS_RECORD_BYTES)
    /// A read ends with its record.
    let isDrainedByShortReads = false
    private let wire: Wire
    private let context: TLSContext
    private let connection: OpaquePointer
    private var stage = Stage.secured

    /// A connection in the context that `handle` stands for; nil if memory is short.
    init?(over socket: PlainTransport, context: TLSContext, handle: OpaquePointer) {
        let wire = Wire(socket)
        // SAFETY: the wire and the context outlive the connection, which this object holds them with, owns alone and
        // frees in deinit. The functions are called within calls of this object's methods only.
        let owner = unsafe Unmanaged.passUnretained(wire).toOpaque()
        guard let connection = unsafe sb_tls_new(handle, owner, Wire.receive, Wire.send) else { return nil }
        self.wire = wire
        self.context = context
        unsafe self.connection = connection
    }

    deinit {
        // SAFETY: it came from sb_tls_new and is freed here alone.
        unsafe sb_tls_free(connection)
    }

    func receive(into buffer: inout [UInt8]) -> TransferResult {
        guard stage == .secured else { return wire.socket.receive(into: &buffer) }
        // SAFETY: the array owns `count` bytes at `base` for the closure, and at most as many are written.
        let status = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe sb_tls_read(connection, base, bytes.count)
        }
        return result(of: status)
    }

    func send(_ bytes: Span<UInt8>, more: Bool) -> TransferResult {
        switch stage {
        case .plain: return wire.socket.send(bytes, more: more)
        case .refused: return .closed(.failed(-Int(EPROTO)))
        case .secured: break
        }
        wire.hasMore = more || bytes.count > fullReadBytes
        // SAFETY: the span keeps its bytes alive for the closure, and at most `count` of them are read.
        let status = unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe sb_tls_write(connection, base, bytes.count)
        }
        return result(of: status)
    }

    func shutdownWrite() {
        sayGoodbye()
        wire.socket.shutdownWrite()
    }

    /// Sends `close_notify`, if there is room for it at this moment.
    ///
    /// HTTP tells by its own framing whether an answer is complete, so that nothing waits for this.
    func sayGoodbye() {
        guard stage == .secured else { return }
        wire.hasMore = false
        // SAFETY: the connection is this object's and lives.
        unsafe sb_tls_end(connection)
    }

    /// What a read or a write came to.
    private func result(of status: Int) -> TransferResult {
        switch Int32(status) {
        case 1...: return .bytes(status)
        case SB_TLS_WANTS_READ: return .wantRead
        case SB_TLS_WANTS_WRITE: return .wantWrite
        case SB_TLS_END: return .closed(.endOfStream)
        case SB_TLS_NOT_TLS:
            stage = .plain
            return .closed(.notTLS)
        case SB_TLS_BROKEN:
            stage = .refused
            return .closed(.refused(reason: reason))
        default:
            // SAFETY: the connection is this object's and lives.
            return .closed(.failed(unsafe sb_tls_error(connection)))
        }
    }

    /// Why the last call failed.
    private var reason: String {
        // SAFETY: the buffer lives for the closure; the words are ended by a NUL within its `count` and copied at once.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { words in
            guard let base = words.baseAddress else { return "" }
            unsafe sb_tls_reason(connection, base, words.count)
            return unsafe String(cString: base)
        }
    }
}

/// The socket as OpenSSL reads and writes it.
private final class Wire {
    let socket: PlainTransport
    /// Whether the record being written is followed by more at once.
    var hasMore = false

    init(_ socket: PlainTransport) {
        self.socket = socket
    }

    // SAFETY: for both functions, `owner` is the wire that was given to sb_tls_new, and OpenSSL lends `count` bytes for
    // the duration of the call.
    static var receive: sb_tls_receive {
        { owner, bytes, count in
            let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: count)
            var span = unsafe buffer.bindMemory(to: UInt8.self).mutableSpan
            return unsafe Unmanaged<Wire>.fromOpaque(owner).takeUnretainedValue().socket.receive(&span)
        }
    }

    // SAFETY: as above.
    static var send: sb_tls_send {
        { owner, bytes, count in
            let span = unsafe UnsafeRawBufferPointer(start: bytes, count: count).bindMemory(to: UInt8.self).span
            let wire = unsafe Unmanaged<Wire>.fromOpaque(owner).takeUnretainedValue()
            return wire.socket.write(span, more: wire.hasMore)
        }
    }
}
