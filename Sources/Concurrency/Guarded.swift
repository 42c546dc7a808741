import Glibc

/// State that one thread at a time reads or writes: a value behind a lock.
///
/// The lock is never held while foreign code runs: bodies are short and call nothing that may lock again. It is a
/// pthread mutex because the thread sanitizer reports every contended `Synchronization.Mutex` on Linux as a race.
@safe
public final class Guarded<State> {
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// A guard around `state`.
    public init(_ state: State) {
        self.state = state
        // SAFETY: the mutex lives on the heap, at one address, from here to deinit, and is this object's alone.
        unsafe mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let status = unsafe pthread_mutex_init(mutex, nil)
        precondition(status == 0, "pthread_mutex_init: error \(status)")
    }

    deinit {
        // SAFETY: nobody holds a reference any more, so nobody holds or awaits the mutex.
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// What `body` returns for the state, which it may change; other threads wait meanwhile.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body(&state)
    }

    /// The first result that `attempt` gives, or nil once `deadline` (of the monotonic clock) has passed without one.
    ///
    /// `attempt` runs under the lock, at once and again after each notification of `condition`; the lock is free while
    /// this thread sleeps. One condition is used with one guard only.
    package func wait<Result>(
        for condition: Condition, until deadline: Instant? = nil, _ attempt: (inout State) -> Result?
    ) -> Result? {
        lock()
        defer { unlock() }
        while true {
            if let result = attempt(&state) { return result }
            // SAFETY: this thread holds the mutex, which wait releases and takes again before it returns.
            if unsafe !condition.wait(mutex: mutex, until: deadline) { return attempt(&state) }
        }
    }

    private func lock() {
        // SAFETY: the mutex was initialised in init and lives as long as self.
        let status = unsafe pthread_mutex_lock(mutex)
        precondition(status == 0, "pthread_mutex_lock: error \(status)")
    }

    private func unlock() {
        // SAFETY: the mutex was initialised in init, and this thread holds it.
        let status = unsafe pthread_mutex_unlock(mutex)
        precondition(status == 0, "pthread_mutex_unlock: error \(status)")
    }
}

// @unchecked because the state is touched under the mutex alone, and the mutex itself is made for sharing.
extension Guarded: @unchecked Sendable {}
