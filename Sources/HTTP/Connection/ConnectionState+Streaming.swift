/// How the body that comes over time stands on a connection.
struct StreamState: Sendable {
    /// Whether pieces go as chunks (RFC 9112 section 7.1); else the end of the connection ends the body.
    let isChunked: Bool
    let idleBytes: [UInt8]
    let idleInterval: UInt64
    /// What comes behind the body.
    let next: ConnectionState.Next
    /// Whether the next piece is yet to be asked for.
    var isAskDue = true
}

extension ConnectionState {
    private static let lastChunk = Array("0\r\n\r\n".utf8)
    private static let lineEnd = Array("\r\n".utf8)

    /// Whether a body is being sent that comes over time.
    public var isStreaming: Bool {
        if case .streaming = phase { true } else { false }
    }

    /// Whether all that was given of that body is written: ``stream(_:at:)`` and ``endStream(at:)`` may go on with it.
    public var wantsMore: Bool { isStreaming && output.byteCount == 0 }

    /// Begins with a body whose head is in the output, and with its first piece.
    mutating func begin(_ body: StreamedBody, first: [UInt8], isChunked: Bool, then next: Next, at now: UInt64) {
        phase = .streaming
        streaming = StreamState(
            isChunked: isChunked, idleBytes: body.idleBytes, idleInterval: body.idleInterval, next: next)
        append(piece: first)
        setDeadline(timeouts.writeProgress, at: now)
    }

    /// Answers ``ConnectionAction/more`` with the next piece of the body, now or later.
    ///
    /// Dropped where the body has ended meanwhile. A piece of more than ``StreamedBody/maximumPieceBytes`` ends the
    /// connection, so that the client sees that the body is cut.
    public mutating func stream(_ bytes: [UInt8], at now: UInt64) {
        guard isStreaming else { return }
        guard bytes.count <= StreamedBody.maximumPieceBytes else { return close() }
        if output.byteCount == 0 { setDeadline(timeouts.writeProgress, at: now) }
        append(piece: bytes)
    }

    /// Ends the body; the next request is looked at when all of it is written, or the connection closes.
    public mutating func endStream(at now: UInt64) {
        guard isStreaming, let streaming else { return }
        if streaming.isChunked { output.append(Self.lastChunk) }
        self.streaming = nil
        phase = .writing(streaming.next)
        setDeadline(timeouts.writeProgress, at: now)
    }

    /// Takes word that so many bytes of the body are written.
    mutating func streamed(_ count: Int, at now: UInt64) {
        if output.byteCount == 0, let interval = streaming?.idleInterval {
            streaming?.isAskDue = true
            setDeadline(interval, at: now)
        } else {
            progress += count
            if progress >= timeouts.progressBytes { setDeadline(timeouts.writeProgress, at: now) }
        }
    }

    /// Sends what readers pass over, unless other bytes are on their way.
    mutating func streamIdleBytes(at now: UInt64) {
        guard wantsMore, let streaming else { return }
        setDeadline(timeouts.writeProgress, at: now)
        append(piece: streaming.idleBytes)
    }

    private mutating func append(piece bytes: [UInt8]) {
        // An empty chunk would be the last one.
        guard !bytes.isEmpty else { return }
        guard streaming?.isChunked == true else { return output.append(bytes) }
        output.append(Array(String(bytes.count, radix: 16).utf8) + Self.lineEnd + bytes + Self.lineEnd)
    }
}
