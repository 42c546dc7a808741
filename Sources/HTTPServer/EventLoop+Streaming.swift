internal import Concurrency
internal import HTTP

/// Bodies that come over time: nobody waits for their pieces but the loop, which asks when the client has taken the last
/// one and when the source says so.
extension EventLoop {
    /// Begins with the body of an answer that was taken, unless it has none (HEAD).
    mutating func follow(_ body: StreamedBody, on connection: Connection) {
        guard connection.state.isStreaming else { return }
        connection.exchange.source = body.source
        let (mailbox, id) = (core.mailbox, connection.id)
        body.source.start { mailbox.post(.more(id)) }
        // A peer that ended its sending direction before is asked about this answer as well.
        scheduleProbe(of: connection)
    }

    /// Gives the connection the next piece of its body, if it can take one and there is one.
    mutating func feed(_ connection: Connection) {
        guard connection.state.wantsMore, let piece = connection.exchange.source?.next() else { return }
        switch piece {
        case .bytes(let bytes): connection.state.stream(bytes, at: now.nanoseconds)
        case .last(let bytes):
            connection.state.stream(bytes, at: now.nanoseconds)
            connection.state.endStream(at: now.nanoseconds)
        }
    }
}
