internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Logging

extension EventLoop {
    /// Decides on a request with a body before it is read.
    func inspect(_ head: RequestHead, of connection: Connection) {
        let requestID = begin(head, on: connection)
        if let error = peerLimit(of: connection) {
            refuse(connection, with: error, head: head)
        } else if let refusal = core.handler.refusal(of: head, requestID: requestID) {
            answer(connection, with: refusal, to: connection.ask { $0.sequence })
        } else if reserveBody(of: head, for: connection) {
            connection.state.acceptBody(in: storage(forBodyOf: head), at: now.nanoseconds)
        } else {
            refuse(connection, with: .overloaded, head: head)
        }
    }

    /// Answers a request at once or hands it to a queue.
    func handle(_ request: Request, of connection: Connection) {
        let isNew = connection.exchange == nil
        let requestID = begin(request.head, on: connection)
        if isNew, let error = peerLimit(of: connection) {
            return refuse(connection, with: error, head: request.head)
        }
        connection.exchange?.receivedBytes = request.body.count
        guard connection.isProxy, let caller = connection.exchange?.caller else {
            return handle(request, requestID: requestID, of: connection)
        }
        var forwarded = request
        (forwarded.peer, forwarded.scheme) = (caller.name, caller.scheme)
        handle(forwarded, requestID: requestID, of: connection)
    }

    private func handle(_ request: Request, requestID: String, of connection: Connection) {
        // One with a body was asked about before the body was read.
        if request.head.bodyLength == .none,
            let refusal = core.handler.refusal(of: request.head, requestID: requestID)
        {
            return answer(connection, with: refusal, to: request.sequence)
        }
        let immediate = RequestContext(requestID: requestID, logger: core.logger)
        if let response = core.handler.immediateResponse(to: request, context: immediate) {
            keepStorage(of: request.body)
            return answer(connection, with: response, to: request.sequence)
        }
        let deadline = connection.standing.deadline.map(Instant.init(nanoseconds:))
        let token = CancellationToken(deadline: deadline, time: core.time)
        let isUrgent = core.handler.isUrgent(request.head)
        connection.exchange?.token = token
        connection.exchange?.isUrgent = isUrgent
        let work = self.work(on: request, requestID: requestID, token: token, connection: connection.id)
        let queues = isUrgent ? core.urgentQueues : core.queues
        if queues.submit(connection.exchange?.number ?? 0, work) {
            if !isUrgent { connection.queueTime = now + core.configuration.queueTimeout }
            tell(.admitted(connection.id))
            scheduleProbe(of: connection)
        } else {
            core.counters.refused.add(1)
            refuse(connection, with: .overloaded, head: request.head)
        }
    }

    private func work(
        on request: Request, requestID: String, token: CancellationToken, connection: UInt64
    ) -> @Sendable () -> Void {
        let (handler, mailbox, time, logger, start) = (core.handler, core.mailbox, core.time, core.logger, now)
        return {
            // Nobody waits for it any more, or the loop has already answered that it took too long.
            if token.isCancelled { return }
            let context = RequestContext(
                requestID: requestID, token: token, waited: time.now - start, logger: logger)
            let response = handler.respond(to: request, context: context)
            let answer = LoopMessage.answer(
                response, connection: connection, sequence: request.sequence, body: request.body)
            mailbox.post(answer, size: response.body.count)
        }
    }

    /// Answers with a refusal of the server's own.
    func refuse(_ connection: Connection, with error: HTTPError, head: RequestHead?) {
        let requestID = begin(head, on: connection)
        var response = core.handler.response(refusing: error, head: head, requestID: requestID)
        if case .tooManyConnections = error { response.closesConnection = true }
        if response.status == .tooManyRequests { core.counters.peerRefusals.add(1) }
        answer(connection, with: response, to: connection.ask { $0.sequence })
    }

    /// Sends the answer to the connection's request, unless the request has been answered or given up meanwhile.
    func answer(_ connection: Connection, with response: Response, to sequence: UInt64) {
        guard let exchange = connection.exchange, connection.ask({ $0.sequence }) == sequence else { return }
        var response = response
        // What it held of the answer before has gone meanwhile.
        countOutput(of: connection)
        if !makeRoom(forOutput: response.body.count) {
            core.counters.refused.add(1)
            let head = connection.ask { $0.currentHead }
            response = core.handler.response(refusing: .overloaded, head: head, requestID: exchange.requestID)
        }
        if sequence >= core.configuration.maximumRequestsPerConnection { response.closesConnection = true }
        let status = response.status.code
        if status == 503 || status == 429, response.fields[.retryAfter] == nil {
            response.fields[.retryAfter] = "\(core.configuration.retryAfterSeconds)"
        }
        let isTaken = connection.state.respond(
            response, to: sequence, date: dateField, requestID: exchange.requestID, at: now.nanoseconds)
        guard isTaken else { return }
        exchange.status = status
        exchange.answerStart = now
        connection.probeTime = nil
        connection.queueTime = nil
        core.counters.requests.add(1)
    }

    /// Stops the handler of the connection's request.
    func cancel(_ connection: Connection) {
        guard let exchange = connection.exchange, let token = exchange.token else { return }
        exchange.token = nil
        (exchange.isUrgent ? core.urgentQueues : core.queues).withdraw(exchange.number)
        connection.queueTime = nil
        token.cancel()
    }

    /// Refuses the connection's request if it still waits for a handler.
    func refuseIfWaiting(_ connection: Connection) {
        connection.queueTime = nil
        guard let exchange = connection.exchange, let token = exchange.token, exchange.status == nil,
            core.queues.withdraw(exchange.number)
        else { return }
        exchange.token = nil
        token.cancel()
        core.counters.refused.add(1)
        refuse(connection, with: .overloaded, head: connection.ask { $0.currentHead })
    }

    /// Begins the exchange of a request unless it has begun: its id.
    private func begin(_ head: RequestHead?, on connection: Connection) -> String {
        if let exchange = connection.exchange { return exchange.requestID }
        let proposed = head.flatMap { head in
            head.fields.isEmpty ? nil : requestIDField.flatMap { head.fields[$0] }
        }
        let caller = caller(of: head, on: connection)
        let countedClient = connection.isProxy ? caller.address?.client : nil
        let exchange = Exchange(
            number: nextExchange, requestID: requestIDs.id(for: proposed), head: head, caller: caller,
            countedClient: countedClient, start: connection.firstByte ?? now)
        nextExchange += 1
        if let countedClient { clients.add(countedClient) }
        if isLogging, let head { exchange.client = core.handler.client(of: head) }
        connection.exchange = exchange
        return exchange.requestID
    }

    /// Ends the exchange, if there is one, with a line in the access log.
    func finishExchange(of connection: Connection) {
        releaseBody(of: connection)
        connection.firstByte = nil
        guard let exchange = connection.exchange else { return }
        connection.exchange = nil
        if let client = exchange.countedClient { clients.remove(client) }
        core.handler.finished(exchange.summary(end: now))
        if isLogging { finished.append(exchange.entry(end: now)) }
    }
}
