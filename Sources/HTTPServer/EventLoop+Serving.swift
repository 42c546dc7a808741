internal import Concurrency
internal import HTTP

extension EventLoop {
    /// What one connection may send before others get their turn.
    private static let turnBytes = 1 << 20

    /// Serves what the poll reports of a connection.
    mutating func serve(_ connection: Connection, _ events: Interest) {
        let unwanted = events.intersection([.read, .write]).subtracting(connection.wanted)
        if !events.isDisjoint(with: [.error, .hangUp]) {
            connection.state.lose()
        } else {
            if events.contains(connection.inputAwaitsOutput ? .write : .read) { read(connection) }
            if events.contains(connection.outputAwaitsInput ? .read : .write) { connection.outputIsBlocked = false }
            if events.contains(.peerHalfClosed) { noteHalfClose(of: connection) }
        }
        advance(connection)
        // What is reported and not wanted would be reported again at once.
        let isTooWide = !unwanted.isEmpty || events.contains(.peerHalfClosed)
        if isTooWide, !connection.isClosed, connection.watched != connection.wanted { watch(connection) }
    }

    /// Reads what has come, a buffer's worth at most, if the connection wants bytes.
    ///
    /// The large buffer is for what is known to fill it: of what may be later requests, little is taken.
    mutating func read(_ connection: Connection) {
        let isLong = connection.ask { $0.expectedByteCount } >= longBuffer.count
        var room = isLong ? longBuffer.count : buffer.count
        while room > 0, connection.standing.wantsToRead {
            let count = readOnce(connection, isLong: isLong)
            guard count >= connection.transport.fullReadBytes else { return }
            room -= count
        }
    }

    /// Reads once: how many bytes came.
    private mutating func readOnce(_ connection: Connection, isLong: Bool) -> Int {
        let transport = connection.transport
        let result = isLong ? transport.receive(into: &longBuffer) : transport.receive(into: &buffer)
        connection.inputAwaitsOutput = result == .wantWrite
        switch result {
        case .bytes(let count):
            connection.lastActivity = now
            if connection.firstByte == nil { connection.firstByte = now }
            // A second reference for the span's life, given up again before the buffer is next written: no copy.
            let bytes = isLong ? longBuffer : buffer
            connection.state.receive(bytes.span.extracting(0..<count), at: now.nanoseconds)
            return count
        case .wantRead, .wantWrite: break
        case .closed(.endOfStream):
            connection.peerHasEnded = true
            connection.state.receiveEndOfStream(at: now.nanoseconds)
        case .closed(.failed): connection.state.lose()
        case .closed(.refused(let reason)): refuseTransport(of: connection, because: reason)
        case .closed(.notTLS): connection.state.refuse(.plainRequestToTLS, at: now.nanoseconds)
        }
        return 0
    }

    /// Carries out everything the connection's state asks for, as far as it goes without waiting.
    mutating func advance(_ connection: Connection) {
        var budget = Self.turnBytes
        let (time, drains) = (now.nanoseconds, drainLimit != nil)
        while !connection.isClosed {
            if drains, !connection.isQuiet { connection.state.drain(at: time) }
            while let action = connection.state.nextAction(at: time) { perform(action, on: connection) }
            if connection.isClosed { return }
            guard connection.standing.hasOutput, !connection.outputIsBlocked else { break }
            guard budget > 0 else {
                connection.outputIsBlocked = true
                break
            }
            budget -= send(connection)
        }
        if connection.isClosed { return }
        countOutput(of: connection)
        if !connection.watched.isSuperset(of: connection.wanted) { watch(connection) }
        if connection.outputIsBlocked { tell(.stalled(connection.id)) }
        setAlarm(of: connection)
    }

    /// Sends one segment of output: how many bytes went.
    private mutating func send(_ connection: Connection) -> Int {
        let transport = connection.transport
        let result = connection.ask { state in
            let more = state.standing().hasMoreSegments
            return state.sendOutput { transport.send($0, more: more) }
        }
        connection.outputAwaitsInput = result == .wantRead
        switch result {
        case .bytes(let count):
            connection.lastActivity = now
            connection.exchange?.sentBytes += count
            connection.state.wrote(count, at: now.nanoseconds)
            if connection.exchange?.status != nil, !connection.standing.hasOutput { finishExchange(of: connection) }
            return count
        case .wantRead, .wantWrite: connection.outputIsBlocked = true
        case .closed: connection.state.lose()
        }
        return 0
    }

    private mutating func perform(_ action: ConnectionAction, on connection: Connection) {
        switch action {
        case .inspect(let head): inspect(head, of: connection)
        case .handle(let request): handle(request, of: connection)
        case .refuse(let error, let head): refuse(connection, with: error, head: head)
        case .cancel: cancel(connection)
        case .shutdownWrite: connection.transport.shutdownWrite()
        case .close: close(connection)
        }
    }

    /// Watches exactly what is wanted.
    private mutating func watch(_ connection: Connection) {
        let wanted = connection.wanted
        connection.watched = wanted
        if poll.apply(.change(connection.descriptor, wanted, id: connection.id)) < 0 {
            // Unwatched, it would hang until its deadline.
            connection.state.lose()
            while let action = connection.state.nextAction(at: now.nanoseconds) { perform(action, on: connection) }
        }
    }

    /// Makes sure that the loop wakes for the connection's next deadline.
    mutating func setAlarm(of connection: Connection) {
        guard let due = connection.due else { return }
        if let alarm = connection.alarm, alarm <= due { return }
        connection.alarm = due
        deadlines.set(connection.id, at: due)
    }

    /// Does what is due for a connection.
    mutating func ring(_ connection: Connection) {
        connection.alarm = nil
        if let probe = connection.probeTime, probe <= now { self.probe(connection) }
        if let queue = connection.queueTime, queue <= now { refuseIfWaiting(connection) }
        if let drain = connection.drainTime, drain <= now {
            connection.drainTime = nil
            closeIfQuiet(connection)
        }
        if connection.isClosed { return }
        connection.state.passDeadline(at: now.nanoseconds)
        advance(connection)
    }

    private mutating func close(_ connection: Connection) {
        connection.isClosed = true
        cancel(connection)
        finishExchange(of: connection)
        connection.transport.sayGoodbye()
        // Closing takes the descriptor out of the poll.
        _ = core.syscalls.close(connection.descriptor)
        connections[connection.id] = nil
        if let peer = connection.countedPeer { peers.remove(peer) }
        countOutput(of: connection)
        core.counters.connections.add(-1)
        if deadlines.count > alarmLimit {
            let connections = connections
            deadlines.keep { $0 < Reserved.firstConnection || connections[$0] != nil }
            alarmLimit = max(1024, 2 * deadlines.count)
        }
        trimAfterCrowd()
        tell(.closed(connection.id))
        if accepting == .paused { resumeAccepting() }
    }
}
