import Concurrency
import Glibc

@testable import HTTPServer

/// The real kernel, whose calls fail or fall short when told to, and which counts.
final class Faults: Sendable {
    enum Call: Hashable, Sendable {
        case listen, boundPort, countInherited, adopt, unlink, descriptorLimit
        case accept, receive, send, shutdownWrite, close
        case createPoll, controlPoll, waitPoll
        case createCounter, signalCounter, clearCounter
    }

    private struct State {
        /// What the next calls answer; nil is for the kernel.
        var failures: [Call: [Int?]] = [:]
        var counts: [Call: Int] = [:]
        var receiveBytes = Int.max
        var receivedBytes = 0
        var sendBytes = Int.max
        var open: Set<Int32> = []
        /// Where and how each descriptor is watched.
        var watches: [Int32: (poll: Int32, change: PollChange)] = [:]
    }

    private let state = Guarded(State())
    private let kernel = Syscalls.kernel

    /// Makes the next `times` calls fail, but for the first `spared`.
    func fail(_ call: Call, with errno: Int32, times: Int, after spared: Int = 0) {
        let spared = [Int?](repeating: nil, count: spared)
        state.withLock { $0.failures[call, default: []] += spared + [Int?](repeating: -Int(errno), count: times) }
    }

    /// Whether there are failures that no call has met yet.
    var areLeft: Bool {
        state.withLock { $0.failures.values.contains { !$0.isEmpty } }
    }

    /// Makes every read and write stop after so many bytes.
    func shorten(receive: Int = .max, send: Int = .max) {
        state.withLock { ($0.receiveBytes, $0.sendBytes) = (receive, send) }
    }

    /// How often it was called, failures included.
    func count(of call: Call) -> Int {
        state.withLock { $0.counts[call] ?? 0 }
    }

    /// How many bytes have been read.
    var receivedBytes: Int { state.withLock(\.receivedBytes) }

    /// How many descriptors were opened and not closed.
    var openDescriptors: Int { state.withLock(\.open.count) }

    var syscalls: Syscalls {
        let kernel = kernel
        return Syscalls(
            listen: { address, options in self.opening(.listen) { kernel.listen(address, options) } },
            boundPort: { descriptor in self.failure(.boundPort) ?? kernel.boundPort(descriptor) },
            countInherited: { self.failure(.countInherited) ?? kernel.countInherited() },
            adopt: { descriptor in self.failure(.adopt).map { Adopted(result: $0) } ?? kernel.adopt(descriptor) },
            unlink: { path in self.failure(.unlink) ?? kernel.unlink(path) },
            descriptorLimit: { self.failure(.descriptorLimit) ?? kernel.descriptorLimit() },
            accept: { listener in self.accept(listener) },
            receive: { descriptor, buffer in self.receive(descriptor, &buffer) },
            send: { descriptor, bytes, more in
                if let failure = self.failure(.send) { return self.tellAnew(descriptor, failure) }
                return kernel.send(descriptor, bytes.extracting(first: self.state.withLock(\.sendBytes)), more)
            },
            shutdownWrite: { descriptor in self.failure(.shutdownWrite) ?? kernel.shutdownWrite(descriptor) },
            close: { descriptor in self.close(descriptor) },
            createPoll: { self.opening(.createPoll) { kernel.createPoll() } },
            controlPoll: { poll, change in self.control(poll, change) },
            waitPoll: { poll, events, milliseconds in
                self.failure(.waitPoll) ?? kernel.waitPoll(poll, &events, milliseconds)
            },
            createCounter: { self.opening(.createCounter) { kernel.createCounter() } },
            signalCounter: { descriptor in self.failure(.signalCounter) ?? kernel.signalCounter(descriptor) },
            clearCounter: { descriptor in self.failure(.clearCounter) ?? kernel.clearCounter(descriptor) })
    }

    private func failure(_ call: Call) -> Int? {
        state.withLock { state in
            state.counts[call, default: 0] += 1
            guard state.failures[call]?.isEmpty == false else { return nil }
            return state.failures[call]?.removeFirst()
        }
    }

    private func opening(_ call: Call, _ body: () -> Int) -> Int {
        if let failure = failure(call) { return failure }
        let result = body()
        if result >= 0 { state.withLock { state in _ = state.open.insert(Int32(result)) } }
        return result
    }

    private func accept(_ listener: Int32) -> Accepted {
        var peer = ""
        let result = opening(.accept) {
            let accepted = kernel.accept(listener)
            peer = accepted.peer
            return accepted.result
        }
        return Accepted(result: result, peer: peer)
    }

    private func close(_ descriptor: Int32) -> Int {
        state.withLock { state in
            state.open.remove(descriptor)
            state.watches[descriptor] = nil
        }
        // Whatever it answers, the descriptor is gone.
        let result = kernel.close(descriptor)
        return failure(.close) ?? result
    }

    private func control(_ poll: Int32, _ change: PollChange) -> Int {
        if let failure = failure(.controlPoll) { return failure }
        switch change {
        case .add(let descriptor, let interest, let id), .change(let descriptor, let interest, let id):
            state.withLock { $0.watches[descriptor] = (poll, .change(descriptor, interest, id: id)) }
        case .remove(let descriptor): state.withLock { $0.watches[descriptor] = nil }
        }
        return kernel.controlPoll(poll, change)
    }

    /// After a call that pretended that no more is there, or no room: as if more came at this moment, which the poll tells.
    private func tellAnew(_ descriptor: Int32, _ result: Int) -> Int {
        if result > 0 || result == -Int(EAGAIN), let watch = state.withLock({ $0.watches[descriptor] }) {
            _ = kernel.controlPoll(watch.poll, watch.change)
        }
        return result
    }

    private func receive(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> Int {
        if let failure = failure(.receive) { return tellAnew(descriptor, failure) }
        let count = receiveShort(descriptor, &buffer)
        state.withLock { $0.receivedBytes += max(count, 0) }
        return count
    }

    private func receiveShort(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> Int {
        let limit = state.withLock(\.receiveBytes)
        guard limit < buffer.count else { return kernel.receive(descriptor, &buffer) }
        var part = [UInt8](repeating: 0, count: limit)
        var span = part.mutableSpan
        let count = kernel.receive(descriptor, &span)
        for index in 0..<max(count, 0) { buffer[index] = part[index] }
        return tellAnew(descriptor, count)
    }
}
