import Glibc

/// A thread of our own that runs one body to its end.
final class WorkerThread: Sendable {
    private let thread: pthread_t

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread that runs `body`.
    init(body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // SAFETY: the retained box is handed to the new thread, which takes the reference over, once. If no thread
        // came to be the process stops here, and the reference with it.
        let box = unsafe Unmanaged.passRetained(Start(body: body))
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "pthread_create: error \(status)")
        self.thread = thread
    }

    /// Waits until the body has returned; to be called once, from another thread.
    func join() {
        let status = pthread_join(thread, nil)
        precondition(status == 0, "pthread_join: error \(status)")
    }

    /// Whether this is the thread that is asking.
    var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }
}

/// The thread that makes this value, to be compared with another.
struct CurrentThread: Equatable, Sendable {
    private let thread = pthread_self()

    static func == (left: CurrentThread, right: CurrentThread) -> Bool {
        pthread_equal(left.thread, right.thread) != 0
    }
}
