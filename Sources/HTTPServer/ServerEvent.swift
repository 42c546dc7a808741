/// What tests wait for instead of sleeping.
///
/// Told on the I/O thread; nobody listens in production.
package enum ServerEvent: Equatable, Sendable {
    case accepted(UInt64)
    case closed(UInt64)
    /// A request was given to the handler queues.
    case admitted(UInt64)
    /// The peer of a connection, for which a handler is at work, has ended its sending direction.
    case halfClosed(UInt64)
    /// Reading has stopped until there is an answer or the output has gone.
    case stalled(UInt64)
    /// The listeners are out until the deadline heap, or a closed connection, brings them back.
    case acceptingPaused
    case acceptingResumed
    case draining
    /// The loop was told to look at the clock.
    case woken
    /// A turn of the loop is over: all that was ready, posted or due at its beginning is done.
    case turned
}
