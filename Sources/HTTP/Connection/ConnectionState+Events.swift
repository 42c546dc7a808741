internal import HTTPTypes

extension ConnectionState {
    private static let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Takes bytes from the client.
    public mutating func receive(_ bytes: Span<UInt8>, at now: UInt64) {
        guard !bytes.isEmpty else { return }
        switch phase {
        case .draining, .closing, .closed, .refusing, .writing(.drain), .writing(.close):
            return
        case .head:
            if isIdle { setDeadline(timeouts.header, at: now) }
        case .body:
            progress += bytes.count
            if progress >= timeouts.progressBytes { setDeadline(timeouts.bodyProgress, at: now) }
        case .inspecting, .handling, .streaming, .writing(.request):
            break
        }
        parser.receive(bytes)
    }

    /// Takes the end of what the client sends.
    ///
    /// It may still wait for answers: a half-closed connection is legal.
    public mutating func receiveEndOfStream(at now: UInt64) {
        hasReachedEnd = true
        parser.receiveEndOfStream()
    }

    /// Takes word that the connection is lost: reset, hung up, or broken in a write.
    public mutating func lose() {
        if phase == .handling { isCancelDue = true }
        close()
    }

    /// Answers ``ConnectionAction/inspect(_:)``: the body may come.
    ///
    /// A client that waits for it is told to go on, unless it has begun already. The body is collected in `storage`,
    /// the content of which is dropped.
    public mutating func acceptBody(in storage: consuming [UInt8] = [], at now: UInt64) {
        guard phase == .inspecting else { return }
        parser.collectBody(in: storage)
        phase = .body
        setDeadline(timeouts.bodyProgress, at: now)
        if head?.expectsContinue == true, parser.bufferedByteCount == 0, parser.isInsideBody {
            output.append(Self.interim)
        }
    }

    /// Gives up a body that is being read, and with it the memory it takes: the client is told the error.
    public mutating func abandonBody(_ error: HTTPError, at now: UInt64) {
        guard phase == .body else { return }
        parser = RequestParser(rules: parser.rules)
        refuse(error, at: now)
    }

    /// Sends the answer to ``ConnectionAction/inspect(_:)``, ``ConnectionAction/handle(_:)`` or
    /// ``ConnectionAction/refuse(_:head:)``, and tells whether anybody waited for it.
    ///
    /// An answer to another request than the current one is dropped: it timed out, or its client has gone. `date` is
    /// that of ``HTTPDate/format(_:)``, which a server makes once a second.
    @discardableResult
    public mutating func respond(
        _ response: Response, to sequence: UInt64, date: String, requestID: String? = nil, at now: UInt64
    ) -> Bool {
        guard sequence == self.sequence else { return false }
        switch phase {
        case .handling, .inspecting: break
        case .refusing where refusal == nil: break
        default: return false
        }
        let isWhole = phase == .handling
        let head = head.take()
        let version = head?.version ?? .http11
        let answersHead = head?.asksForHead ?? (parser.method == .head)
        let sendsBody = ResponseSerializer.sendsBody(response.status.code, answersHead: answersHead)
        let body = sendsBody ? response.stream : nil
        let keepsAlive =
            isWhole && head?.keepsAlive == true && !isDrainRequested && !response.closesConnection
            && (body == nil || version == .http11)
        let joinsBody = sendsBody && body == nil && response.body.count <= OutputQueue.joinedBytes
        output.append { head in
            ResponseSerializer.write(
                response, answersHead: answersHead, version: version, keepsAlive: keepsAlive, date: date,
                requestID: requestID, withBody: joinsBody, to: &head)
        }
        // Closing at once on unread bytes makes the kernel send a reset, which can destroy the answer.
        let mustDrain = !isWhole || parser.bufferedByteCount > 0
        let next: Next = keepsAlive ? .request : mustDrain ? .drain : .close
        if let body {
            begin(body, first: response.body, isChunked: version == .http11, then: next, at: now)
            return true
        }
        if sendsBody, !joinsBody { output.append(response.body) }
        phase = .writing(next)
        setDeadline(timeouts.writeProgress, at: now)
        return true
    }

    /// Takes word that so many bytes of the output are written, and tells whether these were the last of the answer.
    @discardableResult
    public mutating func wrote(_ count: Int, at now: UInt64) -> Bool {
        output.consume(count)
        if case .writing = phase {
            progress += count
            if progress >= timeouts.progressBytes { setDeadline(timeouts.writeProgress, at: now) }
        } else if isStreaming {
            streamed(count, at: now)
            return false
        }
        return output.byteCount == 0
    }

    /// Does what follows from the deadline, if it has passed at that instant.
    public mutating func passDeadline(at now: UInt64) {
        guard now >= deadlineInstant else { return }
        switch phase {
        case .head where parser.isBetweenRequests: close()
        case .head: refuse(.headerTimedOut, at: now)
        case .inspecting: refuse(.handlerTimedOut, at: now)
        case .body: refuse(.bodyTimedOut, at: now)
        case .handling:
            isCancelDue = true
            refuse(.handlerTimedOut, at: now)
        case .streaming where output.byteCount == 0: streamIdleBytes(at: now)
        case .refusing, .streaming, .writing, .draining: close()
        case .closing, .closed: break
        }
    }

    /// Takes word that the server is being stopped: an idle connection closes, another one after its answer.
    ///
    /// A body that comes over time ends.
    /// A connection that has not sent its first request yet keeps waiting for it. Read once more before calling this
    /// on an idle one, so that a request which has arrived is not lost.
    public mutating func drain(at now: UInt64) {
        isDrainRequested = true
        if isIdle { close() }
        if isStreaming { endStream(at: now) }
    }

    /// Sends something that a client must pass over and that one that has gone answers with a reset, if nothing else is on
    /// its way: an interim answer to one whose request is being handled and that takes them, idle bytes within a body that
    /// comes over time.
    public mutating func sendInterim(at now: UInt64) {
        if isStreaming { return streamIdleBytes(at: now) }
        guard phase == .handling, head?.version == .http11, output.byteCount == 0 else { return }
        output.append(Self.interim)
    }

    /// Ends the connection without an answer, but reads on for a while, so that what the transport has told the client
    /// is not overtaken by a reset.
    public mutating func hangUp(at now: UInt64) {
        guard !isClosed else { return }
        if phase == .handling { isCancelDue = true }
        output.removeAll()
        phase = .writing(.drain)
        setDeadline(timeouts.drain, at: now)
    }

    /// Refuses what the client sends, whatever it is: ``ConnectionAction/refuse(_:head:)`` follows.
    public mutating func refuse(_ error: HTTPError, at now: UInt64) {
        phase = .refusing
        refusal = error
        sequence += 1
        setDeadline(timeouts.handler, at: now)
    }

    mutating func close() {
        guard phase != .closed else { return }
        phase = .closing
        output.removeAll()
    }
}
