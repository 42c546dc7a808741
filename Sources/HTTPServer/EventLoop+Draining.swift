internal import Concurrency
internal import HTTP

extension EventLoop {
    /// How long a connection that was in use a moment ago is kept for a request that may be on its way.
    private static let grace = Timeout.seconds(1)

    /// Drains at `start`, or now if that has come.
    mutating func planDrain(from start: Instant, until limit: Instant) {
        guard start > now else { return drain(until: limit) }
        plannedDrainLimit = min(limit, plannedDrainLimit ?? limit)
        deadlines.set(Reserved.drainStart, at: start)
    }

    /// Takes no more connections, finishes what is running, and closes the rest; at `limit` everything is closed.
    mutating func drain(until limit: Instant) {
        let isFirst = drainLimit == nil
        if let drainLimit, drainLimit <= limit { return }
        drainLimit = limit
        deadlines.set(Reserved.drainLimit, at: limit)
        guard isFirst else { return }
        if accepting == .paused { resumeAccepting() }
        for index in listeners.indices {
            listeners[index].withdraw(with: core.syscalls)
            acceptRest(at: listeners[index])
        }
        endAccepting()
        for connection in connections.all {
            if connection.isQuiet {
                connection.drainTime = connection.lastActivity + Self.grace
                setAlarm(of: connection, connection.standing)
            } else {
                // Tells its state to drain, as every call does from now on.
                advance(connection)
            }
        }
        tell(.draining)
    }

    /// Closes every connection, whatever it is doing, if the limit has come.
    mutating func abandonAll() {
        for connection in connections.all {
            connection.state.lose()
            advance(connection)
        }
    }
}
