public import Concurrency

/// Tells those who wait for work, or for news of a job, to look again.
public final class WakeUp: Sendable {
    private let count = Guarded<UInt64>(0)
    private let changed = Condition()

    /// Nobody has been told anything.
    public init() {}

    /// How often ``notify()`` was called: to be read before looking, and handed to ``wait(beyond:for:token:)``.
    public var calls: UInt64 { count.withLock { $0 } }

    /// Has everybody look again.
    public func notify() {
        count.withLock { $0 += 1 }
        changed.notifyAll()
    }

    /// Waits until ``notify()`` has been called more than `seen` times, `timeout` is over or the token is cancelled.
    public func wait(beyond seen: UInt64, for timeout: Timeout, token: CancellationToken) {
        let registration = token.onCancel { [count, changed] in
            // The lock makes sure that who waits has either seen the change or is asleep by now.
            count.withLock { _ in }
            changed.notifyAll()
        }
        defer { token.remove(registration) }
        _ = count.wait(for: changed, until: MonotonicTime().now + timeout) { count in
            count > seen || token.isCancelled ? true : nil
        }
    }
}
