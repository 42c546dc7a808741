internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Logging

extension EventLoop {
    /// Decides on a request with a body before it is read.
    func inspect(_ head: RequestHead, of connection: Connection) {
        let requestID = begin(head, on: connection)
        if let refusal = core.handler.refusal(of: head, requestID: requestID) {
            answer(connection, with: refusal, to: connection.ask { $0.sequence })
        } else if reserveBody(of: head, for: connection) {
            connection.state.acceptBody(at: now.nanoseconds)
        } else {
            refuse(connection, with: .overloaded, head: head)
        }
    }

    /// Answers a request at once or hands it to a queue.
    func handle(_ request: Request, of connection: Connection) {
        let requestID = begin(request.head, on: connection)
        let immediate = RequestContext(requestID: requestID, logger: core.logger)
        if let response = core.handler.immediateResponse(to: request, context: immediate) {
            return answer(connection, with: response, to: request.sequence)
        }
        let deadline = connection.ask { $0.deadline }.map(Instant.init(nanoseconds:))
        let token = CancellationToken(deadline: deadline, time: core.time)
        let isUrgent = core.handler.isUrgent(request.head)
        connection.exchange?.token = token
        connection.exchange?.isUrgent = isUrgent
        let context = RequestContext(requestID: requestID, token: token, logger: core.logger)
        let work = self.work(on: request, context: context, connection: connection.id)
        let queues = isUrgent ? core.urgentQueues : core.queues
        if queues.submit(connection.exchange?.number ?? 0, work) {
            tell(.admitted(connection.id))
            scheduleProbe(of: connection)
        } else {
            core.counters.refused.add(1)
            refuse(connection, with: .overloaded, head: request.head)
        }
    }

    private func work(on request: Request, context: RequestContext, connection: UInt64) -> @Sendable () -> Void {
        let (handler, mailbox) = (core.handler, core.mailbox)
        return {
            // Nobody waits for it any more, or the loop has already answered that it took too long.
            if context.token.isCancelled { return }
            let response = handler.respond(to: request, context: context)
            mailbox.post(.answer(response, connection: connection, sequence: request.sequence))
        }
    }

    /// Answers with a refusal of the server's own.
    func refuse(_ connection: Connection, with error: HTTPError, head: RequestHead?) {
        let requestID = begin(head, on: connection)
        let response = core.handler.response(refusing: error, head: head, requestID: requestID)
        answer(connection, with: response, to: connection.ask { $0.sequence })
    }

    /// Sends the answer to the connection's request, unless the request has been answered or given up meanwhile.
    func answer(_ connection: Connection, with response: Response, to sequence: UInt64) {
        guard let exchange = connection.exchange else { return }
        var response = response
        if let requestIDField { response.fields[requestIDField] = exchange.requestID }
        if response.status == .serviceUnavailable, response.fields[.retryAfter] == nil {
            response.fields[.retryAfter] = "\(core.configuration.retryAfterSeconds)"
        }
        let status = response.status.code
        guard connection.state.respond(response, to: sequence, date: dateField, at: now.nanoseconds) else { return }
        exchange.status = status
        connection.probeTime = nil
        core.counters.requests.add(1)
    }

    /// Stops the handler of the connection's request.
    func cancel(_ connection: Connection) {
        guard let exchange = connection.exchange, let token = exchange.token else { return }
        exchange.token = nil
        (exchange.isUrgent ? core.urgentQueues : core.queues).withdraw(exchange.number)
        token.cancel()
    }

    /// Begins the exchange of a request unless it has begun: its id.
    private func begin(_ head: RequestHead?, on connection: Connection) -> String {
        if let exchange = connection.exchange { return exchange.requestID }
        let proposed = requestIDField.flatMap { head?.request.headerFields[$0] }
        let exchange = Exchange(
            number: nextExchange, requestID: requestIDs.id(for: proposed), head: head,
            start: connection.firstByte ?? now)
        nextExchange += 1
        connection.exchange = exchange
        return exchange.requestID
    }

    /// Ends the exchange, if there is one, with a line in the access log.
    func finishExchange(of connection: Connection) {
        heldBodyBytes -= connection.heldBodyBytes
        connection.heldBodyBytes = 0
        connection.firstByte = nil
        guard let exchange = connection.exchange else { return }
        connection.exchange = nil
        if isLogging { finished.append(exchange.entry(peer: connection.peer, end: now)) }
    }

    /// Whether the body fits into what the server holds at once; it then counts until its request is over.
    private func reserveBody(of head: RequestHead, for connection: Connection) -> Bool {
        let largest = core.configuration.limits.maximumBodyBytes
        let bytes =
            switch head.bodyLength {
            case .none: 0
            case .fixed(let count): count
            case .chunked: largest
            }
        guard heldBodyBytes == 0 || heldBodyBytes + bytes <= core.configuration.maximumHeldBodyBytes else {
            core.counters.refused.add(1)
            return false
        }
        heldBodyBytes += bytes
        connection.heldBodyBytes = bytes
        return true
    }
}
