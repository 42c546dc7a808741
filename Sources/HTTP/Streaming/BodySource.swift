/// The rest of a body that comes over time: asked for its next piece whenever the client has taken the one before, so that
/// a client that reads slowly makes nothing pile up.
public protocol BodySource: AnyObject, Sendable {
    /// The next piece; nil where there is none yet.
    ///
    /// Called on a thread where everybody waits: it must not block.
    func next() -> BodyPiece?

    /// Takes the word to give whenever ``next()`` may have something again. Called once, before the first ``next()``.
    ///
    /// `isReady` may be called on any thread, at any time, and more often than is needed.
    func start(_ isReady: @escaping @Sendable () -> Void)

    /// Takes word that nobody reads any more. Called once, if ``start(_:)`` was.
    func stop()
}

/// A piece of a body that comes over time.
public enum BodyPiece: Equatable, Sendable {
    /// Some bytes, behind which others come.
    case bytes([UInt8])
    /// The last bytes, or none.
    case last([UInt8])
}

/// What an answer needs to send a body that comes over time.
public final class StreamedBody: Sendable {
    /// The largest piece, in bytes: a few events.
    public static let maximumPieceBytes = 4096

    /// Where the pieces come from.
    public let source: any BodySource
    /// What is sent when nothing else was for ``idleInterval``.
    ///
    /// It keeps proxies from cutting the connection and shows whether the client is there; the format must let readers
    /// pass over it.
    public let idleBytes: [UInt8]
    /// In nanoseconds.
    public let idleInterval: UInt64

    /// A body of these parts; `idleBytes` are some, and no more than a piece may have.
    public init(_ source: any BodySource, idleBytes: [UInt8], idleInterval: UInt64) {
        precondition((1...Self.maximumPieceBytes).contains(idleBytes.count), "\(idleBytes.count) idle bytes")
        self.source = source
        self.idleBytes = idleBytes
        self.idleInterval = idleInterval
    }
}

extension StreamedBody: Equatable {
    /// Whether they are the same.
    public static func == (left: StreamedBody, right: StreamedBody) -> Bool { left === right }
}
