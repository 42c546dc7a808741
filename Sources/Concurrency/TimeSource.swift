import Glibc

/// Tells the time; tests hand in one that they move by hand.
public protocol TimeSource: Sendable {
    /// The current time; never earlier than an answer given before.
    var now: Instant { get }
}

/// The machine's monotonic clock (`CLOCK_MONOTONIC`): it never jumps, and stands still while the machine sleeps.
public struct MonotonicTime: TimeSource {
    /// The machine's monotonic clock.
    public init() {}

    /// The current time.
    public var now: Instant {
        var time = timespec()
        // SAFETY: the call writes to a local variable and keeps no pointer.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}

/// A clock that moves only when told to, for tests: deadlines then pass without anybody sleeping.
public final class ManualTime: TimeSource {
    private struct State {
        var now: Instant
        var observers: [UInt64: @Sendable () -> Void] = [:]
        var nextObserver: UInt64 = 0
    }

    private let state: Guarded<State>

    /// A clock that stands at `now`.
    public init(now: Instant = Instant(nanoseconds: 1_000_000_000)) {
        state = Guarded(State(now: now))
    }

    /// The current time.
    public var now: Instant { state.withLock { $0.now } }

    /// Moves the clock and wakes those who wait for a deadline on it.
    public func advance(by timeout: Timeout) {
        let observers = state.withLock { state in
            state.now = state.now + timeout
            return Array(state.observers.values)
        }
        for observer in observers { observer() }
    }

    /// Calls `body` after each advance, until the number returned is handed to ``removeObserver(_:)``.
    func addObserver(_ body: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            state.nextObserver += 1
            state.observers[state.nextObserver] = body
            return state.nextObserver
        }
    }

    func removeObserver(_ number: UInt64) {
        state.withLock { state in _ = state.observers.removeValue(forKey: number) }
    }
}
