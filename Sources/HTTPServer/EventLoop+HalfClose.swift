internal import Concurrency
internal import HTTP

extension EventLoop {
    /// How long an answer may take before a peer that has ended its sending direction is asked whether it listens.
    ///
    /// Of the 100 ms in which work is to end whose client has gone, this leaves 80 to the longest layer of a network.
    private static let patience = Timeout.milliseconds(20)

    /// Remembers that the peer sends no more, which it may do and still wait for its answer.
    mutating func noteHalfClose(of connection: Connection) {
        guard !connection.peerHasEnded else { return }
        connection.peerHasEnded = true
        connection.inputIsLeft = true
        scheduleProbe(of: connection)
    }

    /// Sets the time for the question, if the peer sends no more and something is on its way to it.
    mutating func scheduleProbe(of connection: Connection) {
        guard connection.peerHasEnded, connection.exchange.isAtWork || connection.state.isStreaming else { return }
        connection.probeTime = now + Self.patience
        tell(.halfClosed(connection.id))
    }

    /// Finds out whether the peer has closed for good.
    ///
    /// A FIN says the same of a client that was stopped and of one that waits. Only bytes tell them apart: the kernel
    /// of a client that has gone answers them with a reset, which the poll reports. So a second `100 Continue` is sent,
    /// which every HTTP/1.1 client must skip before the answer proper (RFC 9110, section 15.2); or, within a body that comes
    /// over time, what its readers pass over.
    mutating func probe(_ connection: Connection) {
        connection.probeTime = nil
        connection.state.sendInterim(at: now.nanoseconds)
    }
}
