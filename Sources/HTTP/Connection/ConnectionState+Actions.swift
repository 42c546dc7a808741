internal import HTTPTypes

extension ConnectionState {
    /// What to do next; nil: nothing until something happens.
    public mutating func nextAction(at now: UInt64) -> ConnectionAction? {
        if isCancelDue {
            isCancelDue = false
            return .cancel
        }
        while true {
            switch phase {
            case .head:
                return hasReachedEnd || !parser.isBetweenRequests ? readHead(at: now) : nil
            case .body:
                return parser.isInsideBody ? nil : readBody(at: now)
            case .refusing:
                return askForRefusal()
            case .writing(let next):
                guard output.byteCount == 0 else { return nil }
                finishAnswer(next, at: now)
                if phase == .draining { return .shutdownWrite }
            case .streaming:
                guard output.byteCount == 0, streaming?.isAskDue == true else { return nil }
                streaming?.isAskDue = false
                return .more
            case .draining where hasReachedEnd:
                phase = .closing
            case .closing:
                phase = .closed
                return .close
            case .inspecting, .handling, .draining, .closed:
                return nil
            }
        }
    }

    private mutating func readHead(at now: UInt64) -> ConnectionAction? {
        do throws(HTTPError) {
            guard let head = try parser.nextHead() else {
                guard hasReachedEnd else { return nil }
                phase = .closed
                return .close
            }
            self.head = head
            sequence += 1
            if head.bodyLength == .none {
                return handOver(head, body: [], trailers: parser.end(), at: now)
            }
            phase = .inspecting
            setDeadline(timeouts.handler, at: now)
            return .inspect(head)
        } catch {
            refuse(error, at: now)
            return askForRefusal()
        }
    }

    /// Hands over the request, whose body is complete or broken.
    private mutating func readBody(at now: UInt64) -> ConnectionAction? {
        var body: [UInt8] = []
        while let event = parser.next() {
            switch event {
            case .body(let bytes):
                // All of it is there, in one piece.
                body = bytes
            case .end(let trailers):
                guard let head else { preconditionFailure("an end without a head") }
                return handOver(head, body: body, trailers: trailers, at: now)
            case .failure(let error):
                refuse(error, at: now)
                return askForRefusal()
            case .head:
                preconditionFailure("a head within a body")
            }
        }
        return nil
    }

    /// Asks for the rendering of a refusal, once.
    private mutating func askForRefusal() -> ConnectionAction? {
        refusal.take().map { .refuse($0, head: head) }
    }

    private mutating func handOver(
        _ head: RequestHead, body: consuming [UInt8], trailers: HTTPFields, at now: UInt64
    ) -> ConnectionAction {
        phase = .handling
        setDeadline(timeouts.handler, at: now)
        return .handle(
            Request(head: head, body: body, trailers: trailers, peer: peer, scheme: scheme, sequence: sequence))
    }

    private mutating func finishAnswer(_ next: Next, at now: UInt64) {
        hasAnswered = true
        switch next {
        case .request:
            phase = isDrainRequested && parser.isBetweenRequests ? .closing : .head
            setDeadline(parser.isBetweenRequests ? timeouts.keepAlive : timeouts.header, at: now)
        case .drain:
            phase = hasReachedEnd ? .closing : .draining
            setDeadline(timeouts.drain, at: now)
        case .close:
            phase = .closing
        }
    }
}
