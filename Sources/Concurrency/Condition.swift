import Glibc

/// Something that threads sleep for: a pthread condition on the monotonic clock, used with one ``Guarded``.
@safe
package final class Condition {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        // SAFETY: the condition lives on the heap, at one address, from here to deinit, and is this object's alone;
        // the attributes are needed during initialisation only.
        unsafe condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        let status = unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        precondition(status == 0, "pthread_cond_init: error \(status)")
    }

    deinit {
        // SAFETY: nobody holds a reference any more, so nobody waits.
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
    }

    /// Wakes all threads that wait.
    package func notifyAll() {
        // SAFETY: the condition was initialised in init and lives as long as self.
        _ = unsafe pthread_cond_broadcast(condition)
    }

    /// Wakes one thread that waits, if any does.
    package func notifyOne() {
        // SAFETY: the condition was initialised in init and lives as long as self.
        _ = unsafe pthread_cond_signal(condition)
    }

    /// Sleeps until notified, or for no reason; false once the deadline has passed.
    ///
    /// The caller holds `mutex`.
    func wait(mutex: UnsafeMutablePointer<pthread_mutex_t>, until deadline: Instant?) -> Bool {
        // SAFETY: the caller keeps the mutex alive and holds it; the time is read during the call only.
        guard let deadline else { return unsafe pthread_cond_wait(condition, mutex) == 0 }
        var time = timespec(
            tv_sec: Int(deadline.nanoseconds / 1_000_000_000), tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
        return unsafe pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }
}

// @unchecked because a pthread condition is made for sharing, and nothing else is in here.
extension Condition: @unchecked Sendable {}
