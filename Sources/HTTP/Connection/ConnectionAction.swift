/// What a connection asks of the one who holds its socket.
public enum ConnectionAction: Sendable {
    /// A request with a body has begun. Answer with ``ConnectionState/acceptBody(at:)``, or with
    /// ``ConnectionState/respond(_:to:date:requestID:at:)`` to leave the body unread; now or later.
    case inspect(RequestHead)
    /// A request is complete. Answer with ``ConnectionState/respond(_:to:date:requestID:at:)``, now or later.
    case handle(Request)
    /// Something is wrong, and the client is to be told: render the error's status and words and answer with
    /// ``ConnectionState/respond(_:to:date:requestID:at:)``. The head is given where there was one. The connection ends after it.
    case refuse(HTTPError, head: RequestHead?)
    /// All that was given of a body that comes over time is written. Answer with ``ConnectionState/stream(_:at:)`` or
    /// ``ConnectionState/endStream(at:)``, now or later.
    case more
    /// Nobody waits any longer for the answer to the request that was handed over last.
    case cancel
    /// All output is written and nothing more follows: `shutdown(SHUT_WR)`. Reading goes on, so that what the client
    /// still sends does not make a reset that overtakes the answer.
    case shutdownWrite
    /// Close the socket. Nothing follows.
    case close
}
