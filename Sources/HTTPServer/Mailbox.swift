internal import Concurrency

/// Messages from any thread to the I/O thread, which an event counter wakes.
///
/// The counter is written only when the I/O thread has not been told yet: a thousand answers cost one system call.
final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var isSignalled = false
    }

    /// The counter the I/O thread polls.
    ///
    /// It lives as long as the mailbox, so that a handler that outlives the server writes to nobody else's descriptor.
    let descriptor: Int32
    private let state = Guarded(State())
    private let syscalls: Syscalls

    /// An empty mailbox with a counter of its own.
    init(syscalls: Syscalls) throws(HTTPServerError) {
        let descriptor = syscalls.createCounter()
        guard descriptor >= 0 else { throw .system(call: "eventfd", errno: Int32(-descriptor)) }
        self.descriptor = Int32(descriptor)
        self.syscalls = syscalls
    }

    deinit {
        _ = syscalls.close(descriptor)
    }

    /// Leaves a message and wakes the I/O thread if nobody has yet.
    func post(_ message: Message) {
        let mustSignal = state.withLock { state in
            state.messages.append(message)
            defer { state.isSignalled = true }
            return !state.isSignalled
        }
        guard mustSignal else { return }
        var result: Int
        repeat {
            result = syscalls.signalCounter(descriptor)
            // It never stands so high that there is no room for one more.
        } while result == Failure.interrupted || result == Failure.wouldBlock
        // The message is not lost: whoever posts next wakes the I/O thread for both.
        if result < 0 { state.withLock { $0.isSignalled = false } }
    }

    /// All messages left so far, in order.
    func takeAll() -> [Message] {
        // The counter first: a message left after this line writes it again or is taken below.
        while syscalls.clearCounter(descriptor) == Failure.interrupted {}
        return state.withLock { state in
            defer {
                state.messages = []
                state.isSignalled = false
            }
            return state.messages
        }
    }
}
