internal import Concurrency
internal import HTTP

/// One client's connection.
///
/// It belongs to the event loop: no other thread ever sees it.
final class Connection {
    /// Never given to another connection, so that a late answer or event cannot meet a stranger.
    let id: UInt64
    let descriptor: Int32
    /// Who is at the other end.
    let caller: Caller
    /// What counts its connections; nil where they have no limit of their own.
    let countedPeer: IPAddress?
    /// Whether the other end is a trusted proxy, which tells who the clients are.
    let isProxy: Bool
    let transport: any Transport

    /// What the poll watches, which may be more than is wanted: it tells news alone, and each once.
    var watched: Interest
    /// Whether something may be there to read that the poll has told and will not tell again unless it is asked to.
    var inputIsLeft = false
    /// Whether the output waits though the transport may take more bytes, which the poll would not tell unasked.
    var outputIsLeft = false
    /// Whether the transport took no more bytes when it was last tried, or has to let others go first.
    var outputIsBlocked = false
    /// Whether the output goes on when the transport can read, and not when it can write.
    var outputAwaitsInput = false
    /// Whether the input goes on when the transport can write, and not when it can read.
    var inputAwaitsOutput = false
    /// Whether the peer has ended its sending direction, as far as the poll has told.
    var peerHasEnded = false
    var isClosed = false
    /// Whether its peer had all the connections it may have when it came.
    var isOverLimit = false

    /// The request in flight, from its head to the last byte of its answer.
    let exchange: Exchange
    /// When the first byte of the next request came.
    var firstByte: Instant?
    /// When bytes last moved, in either direction.
    var lastActivity: Instant
    /// Whether its request has a body that is coming or has come.
    var hasBody = false
    /// What its body counts towards `maximumHeldBodyBytes`.
    var heldBody = HeldBytes.Part()
    /// What its output counts towards `maximumHeldOutputBytes`.
    var heldOutput = HeldBytes.Part()

    /// When to find out whether a peer that has ended its sending direction still listens.
    var probeTime: Instant?
    /// When a request that still waits for a handler is refused.
    var queueTime: Instant?
    /// When the connection, left open for one more request while the server drains, is closed if it is still idle.
    var drainTime: Instant?
    /// The earliest alarm set for it in the deadline heap.
    var alarm: Instant?

    init(
        id: UInt64, descriptor: Int32, caller: Caller, countedPeer: IPAddress?, isProxy: Bool,
        transport: any Transport, state: consuming ConnectionState, watched: Interest, now: Instant
    ) {
        self.id = id
        self.descriptor = descriptor
        self.caller = caller
        self.countedPeer = countedPeer
        self.isProxy = isProxy
        self.transport = transport
        // SAFETY: as said at `state`.
        unsafe uncheckedState = state
        self.watched = watched
        lastActivity = now
        exchange = Exchange(peer: caller, now: now)
    }

    /// Where the connection stands.
    ///
    /// A dozen questions and changes a request: to look at run time whether two overlap took a seventh of the loop's own
    /// time.
    var state: ConnectionState {
        // SAFETY: the storage is this object's own, and no two accesses overlap: the connection never leaves the thread of
        // the loop, the state's methods call nothing of this module, and what runs while the output is lent (a system
        // call) does not reach the connection.
        _read { yield unsafe uncheckedState }
        _modify { yield unsafe &uncheckedState }
    }

    @exclusivity(unchecked) private var uncheckedState: ConnectionState

    /// Whether nothing of a request is there: the connection may be closed in need.
    var isQuiet: Bool {
        state.isIdle || state.sequence == 0 && firstByte == nil && !state.isClosed
    }

    /// What is asked in every turn.
    var standing: ConnectionState.Standing { state.standing() }

    /// What should be watched: nothing is read while a request runs or its answer has not gone (back-pressure).
    func wanted(_ standing: ConnectionState.Standing) -> Interest {
        var wanted: Interest = []
        if standing.wantsToRead { wanted.insert(inputAwaitsOutput ? .write : .read) }
        if !peerHasEnded { wanted.insert(.peerHalfClosed) }
        if outputIsBlocked { wanted.insert(outputAwaitsInput ? .read : .write) }
        return wanted
    }

    /// When something must be done though nothing happens.
    func due(_ standing: ConnectionState.Standing) -> Instant? {
        var due = standing.deadline ?? .max
        if let probeTime { due = min(due, probeTime.nanoseconds) }
        if let queueTime { due = min(due, queueTime.nanoseconds) }
        if let drainTime { due = min(due, drainTime.nanoseconds) }
        return due == .max ? nil : Instant(nanoseconds: due)
    }
}
