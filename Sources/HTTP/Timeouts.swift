/// How long each state of a connection may last, in nanoseconds.
///
/// Each makes one absolute deadline: bytes that trickle in do not move the deadline of the header, and the deadlines
/// of bodies and answers move on only when ``progressBytes`` have passed.
public struct Timeouts: Equatable, Sendable {
    /// From the first byte of a request, or from the start of the connection, to the end of the head; 10 s by default.
    public var header: UInt64
    /// For each ``progressBytes`` of a body; 30 s by default.
    public var bodyProgress: UInt64
    /// From the whole request to its answer, waiting for a place included; 120 s by default.
    public var handler: UInt64
    /// For each ``progressBytes`` of an answer to be taken by the client; 30 s by default.
    public var writeProgress: UInt64
    /// Between an answer and the next request; 60 s by default.
    public var keepAlive: UInt64
    /// For the client to close, after an answer that ends the connection early; 2 s by default.
    public var drain: UInt64
    /// What counts as progress, in bytes; 8 KiB by default.
    ///
    /// What is left, where that is less, does too.
    public var progressBytes: Int

    /// Timeouts, each at its default unless given.
    public init(
        header: UInt64 = 10_000_000_000,
        bodyProgress: UInt64 = 30_000_000_000,
        handler: UInt64 = 120_000_000_000,
        writeProgress: UInt64 = 30_000_000_000,
        keepAlive: UInt64 = 60_000_000_000,
        drain: UInt64 = 2_000_000_000,
        progressBytes: Int = 8 << 10
    ) {
        self.header = header
        self.bodyProgress = bodyProgress
        self.handler = handler
        self.writeProgress = writeProgress
        self.keepAlive = keepAlive
        self.drain = drain
        self.progressBytes = progressBytes
    }
}
