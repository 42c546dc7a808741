internal import Concurrency
internal import HTTP

extension EventLoop {
    /// What one connection may send before others get their turn.
    private static let turnBytes = 1 << 20

    /// Serves what the poll reports of a connection.
    mutating func serve(_ connection: Connection, _ events: Interest) {
        if !events.isDisjoint(with: [.error, .hangUp]) {
            connection.state.lose()
        } else {
            if events.contains(connection.inputAwaitsOutput ? .write : .read) { read(connection, connection.standing) }
            if events.contains(connection.outputAwaitsInput ? .read : .write) { connection.outputIsBlocked = false }
            if events.contains(.peerHalfClosed) { noteHalfClose(of: connection) }
        }
        advance(connection)
    }

    /// Reads what has come, a buffer's worth at most, if the connection wants bytes.
    ///
    /// The large buffer is for what is known to fill it: of what may be later requests, little is taken.
    mutating func read(_ connection: Connection, _ standing: ConnectionState.Standing) {
        let isLong = standing.expectedByteCount >= longBuffer.count
        var room = isLong ? longBuffer.count : buffer.count
        var wantsMore = standing.wantsToRead
        if !wantsMore { connection.inputIsLeft = true }
        while wantsMore {
            let count = readOnce(connection, isLong: isLong)
            guard count >= connection.transport.fullReadBytes else { return }
            room -= count
            wantsMore = room > 0 && connection.standing.wantsToRead
        }
    }

    /// Reads once: how many bytes came.
    private mutating func readOnce(_ connection: Connection, isLong: Bool) -> Int {
        let transport = connection.transport
        let result = isLong ? transport.receive(into: &longBuffer) : transport.receive(into: &buffer)
        connection.inputAwaitsOutput = result == .wantWrite
        connection.inputIsLeft = false
        switch result {
        case .bytes(let count):
            let isShort = count < (isLong ? longBuffer.count : buffer.count)
            // Behind the last bytes the end of the stream is still to be read.
            connection.inputIsLeft = !isShort || !transport.isDrainedByShortReads || connection.peerHasEnded
            connection.lastActivity = now
            if connection.firstByte == nil { connection.firstByte = now }
            if isLong {
                connection.state.receive(longBuffer.span.extracting(first: count), at: now.nanoseconds)
            } else {
                connection.state.receive(buffer.span.extracting(first: count), at: now.nanoseconds)
            }
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
        while true {
            if connection.isClosed { return }
            if drains, !connection.isQuiet { connection.state.drain(at: time) }
            while let action = connection.state.nextAction(at: time) { perform(action, on: connection) }
            if connection.isClosed { return }
            // What was read has been decoded by now.
            if connection.hasBody, !countBody(of: connection) { continue }
            let standing = connection.standing
            if standing.hasOutput, budget <= 0 { (connection.outputIsBlocked, connection.outputIsLeft) = (true, true) }
            guard standing.hasOutput, !connection.outputIsBlocked else { return rest(connection, standing) }
            budget -= send(connection, hasMoreSegments: standing.hasMoreSegments)
        }
    }

    /// Leaves the connection until something happens.
    private mutating func rest(_ connection: Connection, _ standing: ConnectionState.Standing) {
        countOutput(of: connection, standing)
        let isLeft = standing.wantsToRead && connection.inputIsLeft || connection.outputIsLeft
        let wanted = connection.wanted(standing)
        if isLeft || !connection.watched.isSuperset(of: wanted) { watch(connection, wanted) }
        if connection.isClosed { return }
        if connection.outputIsBlocked { tell(.stalled(connection.id)) }
        setAlarm(of: connection, standing)
    }

    /// Sends one segment of output: how many bytes went.
    private mutating func send(_ connection: Connection, hasMoreSegments: Bool) -> Int {
        let transport = connection.transport
        let result = connection.state.sendOutput { transport.send($0, more: hasMoreSegments) }
        connection.outputAwaitsInput = result == .wantRead
        switch result {
        case .bytes(let count):
            connection.lastActivity = now
            connection.exchange.sentBytes += count
            let isAll = connection.state.wrote(count, at: now.nanoseconds)
            if isAll, connection.exchange.status != nil { finishExchange(of: connection) }
            return count
        case .wantRead, .wantWrite: connection.outputIsBlocked = true
        case .closed: connection.state.lose()
        }
        return 0
    }

    private mutating func perform(_ action: consuming ConnectionAction, on connection: Connection) {
        switch action {
        case .inspect(let head): inspect(head, of: connection)
        case .handle(let request): handle(request, of: connection)
        case .refuse(let error, let head): refuse(connection, with: error, head: head)
        case .more: feed(connection)
        case .cancel: cancel(connection)
        case .shutdownWrite: connection.transport.shutdownWrite()
        case .close: close(connection)
        }
    }

    /// Watches what is wanted besides what was, and has the poll tell anew what of it is ready.
    private mutating func watch(_ connection: Connection, _ wanted: Interest) {
        connection.watched.formUnion(wanted)
        (connection.inputIsLeft, connection.outputIsLeft) = (false, false)
        if poll.apply(.change(connection.descriptor, connection.watched, id: connection.id)) < 0 {
            // Unwatched, it would hang until its deadline.
            connection.state.lose()
            while let action = connection.state.nextAction(at: now.nanoseconds) { perform(action, on: connection) }
        }
    }

    /// Makes sure that the loop wakes for the connection's next deadline.
    mutating func setAlarm(of connection: Connection, _ standing: ConnectionState.Standing) {
        guard let due = connection.due(standing) else { return }
        if let alarm = connection.alarm, alarm <= due { return }
        connection.alarm = due
        deadlines.set(connection.id, at: due)
    }

    /// Does what is due for a connection.
    mutating func ring(_ connection: Connection) {
        // An alarm that an earlier one has replaced: the one in force is still to come.
        if let alarm = connection.alarm, alarm > now { return }
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
        connections.remove(connection)
        if let peer = connection.countedPeer { peers.remove(peer) }
        countOutput(of: connection, connection.standing)
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
