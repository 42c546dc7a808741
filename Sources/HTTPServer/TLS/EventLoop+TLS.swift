internal import Concurrency
internal import HTTP
internal import Logging

extension EventLoop {
    /// How the bytes of a new connection travel; nil if memory is short.
    mutating func transport(over descriptor: Int32, from listener: Listener) -> (any Transport)? {
        let socket = PlainTransport(descriptor: descriptor, syscalls: core.syscalls)
        guard listener.address.isTLS else { return socket }
        guard let tls else { preconditionFailure("no TLS for the listener at \(listener.address)") }
        return tls.makeTransport(over: socket)
    }

    /// Ends a connection whose peer the transport has refused.
    mutating func refuseTransport(of connection: Connection, because reason: String) {
        core.counters.tlsFailures.add(1)
        core.logger.debug("TLS with \(connection.caller.name) failed: \(reason)")
        connection.state.hangUp(at: now.nanoseconds)
    }
}
