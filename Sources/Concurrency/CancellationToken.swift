import Synchronization

/// Tells long work to stop: cancelled by hand, or when its deadline has passed.
///
/// Whoever starts the work keeps the token and may cancel it; the work asks ``check()`` between its slices. Once
/// stopped a token stays stopped.
public final class CancellationToken: Sendable {
    /// A token that is never cancelled and has no deadline; ``cancel()`` does nothing to it.
    public static let never = CancellationToken(isEternal: true, deadline: nil, time: MonotonicTime())

    /// When the work must be over, by the token's own time source.
    public let deadline: Instant?

    let time: any TimeSource
    private let isEternal: Bool
    private let cancelled = Atomic<Bool>(false)
    /// Made when the first handler comes: most work ends before anybody waits for it.
    private let handlers = AtomicLazyReference<Guarded<Handlers>>()

    private struct Handlers {
        var bodies: [UInt64: @Sendable () -> Void] = [:]
        var next: UInt64 = 0
    }

    /// A handler to take back with ``remove(_:)``.
    public struct Registration: Sendable {
        fileprivate let number: UInt64
        fileprivate var observer: UInt64?
    }

    private init(isEternal: Bool, deadline: Instant?, time: any TimeSource) {
        self.isEternal = isEternal
        self.deadline = deadline
        self.time = time
    }

    /// A token that stops when it is cancelled, and at `deadline` if there is one.
    public convenience init(deadline: Instant? = nil, time: any TimeSource = MonotonicTime()) {
        self.init(isEternal: false, deadline: deadline, time: time)
    }

    /// Stops the work; its handlers run on this thread, once, before this returns.
    ///
    /// A second call does nothing.
    public func cancel() {
        if isEternal || cancelled.exchange(true, ordering: .sequentiallyConsistent) { return }
        // Either the handlers that come now are seen here, or they see that the token is cancelled.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        guard let handlers = handlers.load() else { return }
        let bodies = handlers.withLock { handlers in
            defer { handlers.bodies = [:] }
            return handlers.bodies.sorted { $0.key < $1.key }.map(\.value)
        }
        for body in bodies { body() }
    }

    /// Whether the work is to stop.
    public var isCancelled: Bool { reason != nil }

    /// Why the work is to stop, or nil if it is not.
    public var reason: Stopped? {
        if cancelled.load(ordering: .sequentiallyConsistent) { return .cancelled }
        if let deadline, time.now >= deadline { return .deadlineExceeded }
        return nil
    }

    /// Throws if the work is to stop.
    public func check() throws(Stopped) {
        if let reason { throw reason }
    }

    /// Calls `body` when the token is cancelled by hand, at once if it already is.
    ///
    /// It runs on the cancelling thread, so it must be short. A deadline calls nobody: those who wait do so until the
    /// deadline at most. Work that takes a token on for a while hands the registration to ``remove(_:)`` at its end.
    @discardableResult
    public func onCancel(_ body: @escaping @Sendable () -> Void) -> Registration {
        if isEternal { return Registration(number: 0, observer: nil) }
        let handlers = handlers.load() ?? handlers.storeIfNil(Guarded(Handlers()))
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        let number: UInt64? = handlers.withLock { handlers in
            if cancelled.load(ordering: .sequentiallyConsistent) { return nil }
            handlers.next += 1
            handlers.bodies[handlers.next] = body
            return handlers.next
        }
        if number == nil { body() }
        return Registration(number: number ?? 0, observer: nil)
    }

    /// Forgets a handler, which may be running on another thread at this moment.
    public func remove(_ registration: Registration) {
        handlers.load()?.withLock { handlers in _ = handlers.bodies.removeValue(forKey: registration.number) }
        if let observer = registration.observer { (time as? ManualTime)?.removeObserver(observer) }
    }

    /// How many handlers the token keeps.
    package var handlerCount: Int { handlers.load()?.withLock { $0.bodies.count } ?? 0 }

    /// Like ``onCancel(_:)``, and also called when a manual clock has been moved: for those who wait for the deadline.
    func onChange(_ body: @escaping @Sendable () -> Void) -> Registration {
        var registration = onCancel(body)
        if deadline != nil { registration.observer = (time as? ManualTime)?.addObserver(body) }
        return registration
    }

    /// How long a thread may sleep on the machine's clock before it must look at the token again; nil is for ever.
    var wakeUpTime: Instant? {
        guard let deadline, !(time is ManualTime) else { return nil }
        return MonotonicTime().now + (deadline - time.now)
    }
}

/// Why work was stopped before its end.
public enum Stopped: Error, Equatable, Sendable, CustomStringConvertible {
    /// Whoever wanted the answer no longer does.
    case cancelled
    /// The time allowed for the work was over.
    case deadlineExceeded

    /// The reason in words.
    public var description: String {
        switch self {
        case .cancelled: "the work was cancelled"
        case .deadlineExceeded: "the time allowed for the work was over before it was done"
        }
    }
}
