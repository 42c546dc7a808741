internal import Concurrency
internal import HTTP
internal import Logging

extension EventLoop {
    /// How long the listeners stay out when accepting makes no progress.
    private static let pause = Timeout.milliseconds(100)

    /// Takes waiting connections, as many as a turn allows.
    mutating func acceptWaiting(at listener: Listener) {
        guard accepting == .open else { return }
        // One is waiting for certain; whether more are is reported in the next turn.
        guard makeRoom() else { return pauseAccepting() }
        for _ in 0..<core.configuration.maximumAcceptsPerTurn {
            guard connections.count < core.configuration.maximumConnections, acceptOne(at: listener) else { return }
        }
    }

    /// Takes every waiting connection, as the last thing before the listener closes: to their clients they are
    /// established.
    ///
    /// The backlog bounds how many there are.
    mutating func acceptRest(at listener: Listener) {
        for _ in 0...core.configuration.backlog {
            guard accepting == .open, acceptOne(at: listener) else { return }
        }
    }

    /// Takes one connection; false when no more can be taken now.
    private mutating func acceptOne(at listener: Listener) -> Bool {
        let accepted = core.syscalls.accept(listener.descriptor)
        let result = accepted.result
        if result >= 0 {
            shortageIsKnown = false
            open(Int32(result), peer: accepted.peer, from: listener)
            return true
        }
        if result == Failure.interrupted || Failure.concernsOneConnection(result) { return true }
        if result == Failure.wouldBlock { return false }
        // Out of descriptors or memory, or something unheard of: the listener stays readable, so that watching on
        // would spin.
        if !shortageIsKnown {
            shortageIsKnown = true
            let error = HTTPServerError.system(call: "accept4", errno: Int32(-result))
            core.logger.warning("no connection can be accepted for the moment: \(error)")
        }
        pauseAccepting()
        return false
    }

    private mutating func open(_ descriptor: Int32, peer: String, from listener: Listener) {
        let caller = Caller(peer: peer, scheme: listener.address.isTLS ? "https" : "http")
        let isProxy = core.configuration.trustedProxies.contains(caller)
        let countedPeer = isProxy ? nil : caller.address?.client
        guard mayConnect(countedPeer) else {
            _ = core.syscalls.close(descriptor)
            return
        }
        let id = connections.nextID()
        let watched: Interest = [.read, .peerHalfClosed, .newsOnly]
        let result = poll.apply(.add(descriptor, watched, id: id))
        guard result >= 0 else {
            let error = HTTPServerError.system(call: "epoll_ctl", errno: Int32(-result))
            core.logger.warning("a new connection is closed: \(error)")
            _ = core.syscalls.close(descriptor)
            return
        }
        guard let transport = transport(over: descriptor, from: listener) else {
            _ = core.syscalls.close(descriptor)
            return
        }
        let connection = Connection(
            id: id, descriptor: descriptor, caller: caller, countedPeer: countedPeer, isProxy: isProxy,
            transport: transport,
            state: ConnectionState(rules: rules, peer: peer, scheme: caller.scheme, at: now.nanoseconds),
            watched: watched, now: now)
        connections.add(connection)
        count(connection)
        crowd.grow(to: connections.count)
        core.counters.accepted.add(1)
        core.counters.connections.add(1)
        setAlarm(of: connection, connection.standing)
        tell(.accepted(id))
    }

    /// Whether there is room for another connection, if need be in the place of idle ones: of those whose peer has most
    /// connections, and of these the ones idle for longest.
    private mutating func makeRoom() -> Bool {
        let maximum = core.configuration.maximumConnections
        guard connections.count >= maximum else { return true }
        // Several at once: looking for them costs a walk over all.
        let idle = connections.all.filter(\.isQuiet).map { (connection: $0, share: share(of: $0)) }
            .sorted { ($1.share, $0.connection.lastActivity) < ($0.share, $1.connection.lastActivity) }
        for (connection, _) in idle.prefix(min(32, max(1, maximum / 16))) { closeIfQuiet(connection) }
        return connections.count < maximum
    }

    /// Closes a connection on which nothing goes on, but not before a request that has arrived meanwhile is read.
    mutating func closeIfQuiet(_ connection: Connection) {
        read(connection, connection.standing)
        if connection.isQuiet { connection.state.lose() }
        advance(connection)
    }

    /// Takes the listeners out of the poll for a while.
    mutating func pauseAccepting() {
        guard accepting == .open else { return }
        accepting = .paused
        watchListeners([])
        deadlines.set(Reserved.accepting, at: now + Self.pause)
        tell(.acceptingPaused)
    }

    /// Watches the listeners again, if they were taken out.
    mutating func resumeAccepting() {
        guard accepting == .paused else { return }
        accepting = .open
        // Unwatched, a listener would be deaf for good: it is tried again after the next pause.
        guard watchListeners(.read) else { return pauseAccepting() }
        tell(.acceptingResumed)
    }

    /// Closes the listeners.
    mutating func endAccepting() {
        accepting = .ended
        for listener in listeners { listener.close(with: core.syscalls) }
        listeners = []
    }

    /// Whether all of them are watched as told.
    @discardableResult
    private mutating func watchListeners(_ interest: Interest) -> Bool {
        var areWatched = true
        for (index, listener) in listeners.enumerated() {
            let id = Reserved.firstListener + UInt64(index)
            let result = poll.apply(.change(listener.descriptor, interest, id: id))
            guard result < 0 else { continue }
            areWatched = false
            let error = HTTPServerError.system(call: "epoll_ctl", errno: Int32(-result))
            core.logger.error("the listener at \(listener.address) cannot be watched: \(error)")
        }
        return areWatched
    }
}
