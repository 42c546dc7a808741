internal import Concurrency

/// Messages from any thread to the I/O thread, which an event counter wakes.
///
/// The counter is written only when the I/O thread has not been told yet: a thousand answers cost one system call.
/// Whoever would leave more bytes than there is room for waits: handlers that are faster than the I/O thread do not pile
/// their answers up.
final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var isSignalled = false
        /// Bytes of the messages.
        var size = 0
        var isClosed = false
    }

    /// The counter the I/O thread polls.
    ///
    /// It lives as long as the mailbox, so that a handler that outlives the server writes to nobody else's descriptor.
    let descriptor: Int32
    private let state = Guarded(State())
    private let emptied = Condition()
    private let capacity: Int
    private let syscalls: Syscalls

    /// An empty mailbox with a counter of its own, and room for so many bytes, or one message.
    init(syscalls: Syscalls, capacity: Int = ServerConfiguration.mailboxBytes) throws(HTTPServerError) {
        self.capacity = capacity
        let descriptor = syscalls.createCounter()
        guard descriptor >= 0 else { throw .system(call: "eventfd", errno: Int32(-descriptor)) }
        self.descriptor = Int32(descriptor)
        self.syscalls = syscalls
    }

    deinit {
        _ = syscalls.close(descriptor)
    }

    /// Leaves a message of so many bytes, when there is room for them, and wakes the I/O thread if nobody has yet.
    ///
    /// Without bytes it never waits. Nobody gets what is left in a closed mailbox.
    func post(_ message: Message, size: Int = 0) {
        let mustSignal = state.wait(for: emptied) { state -> Bool? in
            if state.isClosed { return false }
            if size > 0, state.size > 0, state.size + size > capacity { return nil }
            state.messages.append(message)
            state.size += size
            defer { state.isSignalled = true }
            return !state.isSignalled
        }
        guard mustSignal == true else { return }
        var result: Int
        repeat {
            result = syscalls.signalCounter(descriptor)
            // It never stands so high that there is no room for one more.
        } while result == Failure.interrupted || result == Failure.wouldBlock
        // The message is not lost: whoever posts next wakes the I/O thread for both.
        if result < 0 { state.withLock { $0.isSignalled = false } }
    }

    /// Fills an empty array with all messages left so far, in order.
    ///
    /// Its storage is that of the next messages: none is allocated while their number does not grow.
    func takeAll(into taken: inout [Message]) {
        precondition(taken.isEmpty, "messages that were not dealt with")
        // The counter first: a message left after this line writes it again or is taken below.
        while syscalls.clearCounter(descriptor) == Failure.interrupted {}
        let size = state.withLock { state in
            swap(&state.messages, &taken)
            defer { state.size = 0 }
            state.isSignalled = false
            return state.size
        }
        if size > 0 { emptied.notifyAll() }
    }

    /// Drops what is there and what still comes: the I/O thread has ended.
    func close() {
        state.withLock { state in
            state.messages = []
            state.isClosed = true
        }
        emptied.notifyAll()
    }
}
