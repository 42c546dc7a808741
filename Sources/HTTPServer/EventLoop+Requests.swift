internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Logging

extension EventLoop {
    /// So many requests go to the handlers at once in a turn with more of them.
    private static let submittedAtOnce = 32

    /// Decides on a request with a body before it is read.
    mutating func inspect(_ head: RequestHead, of connection: Connection) {
        let requestID = begin(head, on: connection)
        if let error = peerLimit(of: connection) {
            refuse(connection, with: error, head: head)
        } else if let refusal = core.handler.refusal(of: head, requestID: requestID) {
            answer(connection, with: refusal, to: connection.state.sequence)
        } else {
            acceptBody(of: head, on: connection)
        }
    }

    /// Answers a request at once or hands it to a queue.
    mutating func handle(_ request: Request, of connection: Connection) {
        let isNew = !connection.exchange.isOpen
        let requestID = begin(request.head, on: connection)
        if isNew, let error = peerLimit(of: connection) {
            return refuse(connection, with: error, head: request.head)
        }
        connection.exchange.receivedBytes = request.body.count
        guard connection.isProxy else { return handle(request, requestID: requestID, of: connection) }
        let caller = connection.exchange.caller
        var forwarded = request
        (forwarded.peer, forwarded.scheme) = (caller.name, caller.scheme)
        handle(forwarded, requestID: requestID, of: connection)
    }

    private mutating func handle(_ request: Request, requestID: String, of connection: Connection) {
        // One with a body was asked about before the body was read.
        if request.head.bodyLength == .none,
            let refusal = core.handler.refusal(of: request.head, requestID: requestID)
        {
            return answer(connection, with: refusal, to: request.sequence)
        }
        immediate.requestID = requestID
        if let response = core.handler.immediateResponse(to: request, context: immediate) {
            keepStorage(of: request.body)
            return answer(connection, with: response, to: request.sequence)
        }
        let deadline = connection.state.deadline.map(Instant.init(nanoseconds:))
        let work = HandlerWork(
            request: request, requestID: requestID, connection: connection.id,
            token: CancellationToken(deadline: deadline, time: core.time), start: now,
            isUrgent: core.handler.isUrgent(request.head))
        guard core.queues(for: work).submit(work) else {
            core.counters.refused.add(1)
            return refuse(connection, with: .overloaded, head: request.head)
        }
        connection.exchange.work = work
        submitted += 1
        if work.isUrgent || submitted >= Self.submittedAtOnce { startHandlers() }
        if !work.isUrgent { connection.queueTime = now + core.configuration.queueTimeout }
        tell(.admitted(connection.id))
        scheduleProbe(of: connection)
    }

    /// Has the handlers begin with what was submitted in this turn.
    mutating func startHandlers() {
        guard submitted > 0 else { return }
        submitted = 0
        core.urgentQueues.start()
        core.queues.start()
    }

    /// Answers with a refusal of the server's own.
    mutating func refuse(_ connection: Connection, with error: HTTPError, head: RequestHead?) {
        let requestID = begin(head, on: connection)
        var response = core.handler.response(refusing: error, head: head, requestID: requestID)
        if case .tooManyConnections = error { response.closesConnection = true }
        if response.status == .tooManyRequests { core.counters.peerRefusals.add(1) }
        answer(connection, with: response, to: connection.state.sequence)
    }

    /// Sends the answer to the connection's request, unless the request has been answered or given up meanwhile.
    mutating func answer(_ connection: Connection, with response: consuming Response, to sequence: UInt64) {
        guard connection.exchange.isOpen else { return }
        if response.body.count > Self.smallAnswer {
            let standing = connection.standing
            guard standing.sequence == sequence else { return }
            // What it held of the answer before has gone meanwhile.
            countOutput(of: connection, standing)
            if let error = refusal(ofOutput: response.body.count, for: connection) {
                if error == .overloaded { core.counters.refused.add(1) } else { core.counters.peerRefusals.add(1) }
                let head = connection.state.currentHead
                response = core.handler.response(
                    refusing: error, head: head, requestID: connection.exchange.requestID)
            }
        }
        if sequence >= core.configuration.maximumRequestsPerConnection { response.closesConnection = true }
        let status = response.status.code
        if status == 503 || status == 429, response.fields[.retryAfter] == nil {
            response.fields[.retryAfter] = "\(core.configuration.retryAfterSeconds)"
        }
        updateDate()
        let isTaken = connection.state.respond(
            response, to: sequence, date: date.text, requestID: connection.exchange.requestID, at: now.nanoseconds)
        guard isTaken else { return }
        connection.exchange.answer(status: status, at: now)
        connection.probeTime = nil
        connection.queueTime = nil
        core.counters.requests.add(1)
        if let stream = response.stream { follow(stream, on: connection) }
    }

    /// Stops the handler of the connection's request.
    mutating func cancel(_ connection: Connection) {
        guard let work = connection.exchange.work else { return }
        connection.exchange.work = nil
        core.queues(for: work).withdraw(work)
        connection.queueTime = nil
        work.token.cancel()
    }

    /// Refuses the connection's request if it still waits for a handler.
    mutating func refuseIfWaiting(_ connection: Connection) {
        connection.queueTime = nil
        let exchange = connection.exchange
        guard exchange.isAtWork, let work = exchange.work, core.queues.withdraw(work) else { return }
        exchange.work = nil
        work.token.cancel()
        core.counters.refused.add(1)
        refuse(connection, with: .overloaded, head: connection.state.currentHead)
    }

    /// Begins the exchange of a request unless it has begun: its id.
    private mutating func begin(_ head: RequestHead?, on connection: Connection) -> String {
        let exchange = connection.exchange
        if exchange.isOpen { return exchange.requestID }
        let proposed = head.flatMap { head in
            head.hasFields ? requestIDField.flatMap { head.fields[$0] } : nil
        }
        let requestID = requestIDs.id(for: proposed)
        exchange.open(requestID: requestID, head: head, start: connection.firstByte ?? now)
        if connection.isProxy {
            let caller = caller(of: head, on: connection)
            let client = caller.address?.client
            if let client { clients.add(client) }
            exchange.forward(for: caller, countedAs: client)
        }
        if isLogging, let head { exchange.client = core.handler.client(of: head) }
        return requestID
    }

    /// Ends the exchange, if there is one, with a line in the access log.
    mutating func finishExchange(of connection: Connection) {
        releaseBody(of: connection)
        connection.firstByte = nil
        let exchange = connection.exchange
        guard exchange.isOpen else { return }
        if let client = exchange.countedClient { clients.remove(client) }
        if isLogging { finished.append(exchange.entry(end: now)) }
        core.handler.finished(exchange.close(at: now))
    }
}
