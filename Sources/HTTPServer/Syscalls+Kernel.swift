internal import CLinux

extension Syscalls {
    /// The real kernel.
    package static let kernel = Syscalls(
        listen: { listen(at: $0, $1) },
        boundPort: { Int(sb_bound_port($0)) },
        countInherited: { Int(sb_inherited_sockets()) },
        adopt: { adopt($0) },
        unlink: { unlink($0) },
        descriptorLimit: { sb_descriptor_limit() },
        accept: { accept($0) },
        receive: { receive($0, into: &$1) },
        send: { send($0, $1, more: $2) },
        shutdownWrite: { Int(sb_shutdown_write($0)) },
        close: { Int(sb_close($0)) },
        createPoll: { Int(sb_epoll_create()) },
        controlPoll: { control($0, $1) },
        waitPoll: { wait($0, &$1, milliseconds: $2) },
        createCounter: { Int(sb_eventfd_create()) },
        signalCounter: { Int(sb_eventfd_signal($0)) },
        clearCounter: { Int(sb_eventfd_clear($0)) })

    private static func listen(at address: ListenAddress, _ options: ListenOptions) -> Int {
        let backlog = Int32(clamping: options.backlog)
        switch address.place {
        case .tcp(let host, let port, let isIPv6):
            // SAFETY: the C string lives for the call, which copies what it needs of it.
            return unsafe host.withCString { Int(unsafe sb_listen($0, isIPv6 ? 1 : 0, port, backlog)) }
        case .unix(let path):
            // SAFETY: the C string lives for the call, which copies what it needs of it.
            return unsafe path.withCString { Int(unsafe sb_listen_unix($0, UInt32(options.mode), backlog)) }
        case .systemd:
            preconditionFailure("sockets that are handed over are adopted, not opened")
        }
    }

    private static func adopt(_ descriptor: Int32) -> Adopted {
        var adopted = Adopted(result: 0)
        // SAFETY: the buffer lives for the closure and sb_adopt writes at most its `count` characters, NUL included,
        // when it succeeds; the text is read only then.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(SB_ADDRESS_CAPACITY)) { address in
            guard let base = address.baseAddress else { return }
            adopted.result = Int(unsafe sb_adopt(descriptor, base, address.count))
            if adopted.result >= 0 { adopted.address = unsafe String(cString: base) }
        }
        return adopted
    }

    private static func unlink(_ path: String) -> Int {
        // SAFETY: the C string lives for the call, which keeps nothing of it.
        unsafe path.withCString { Int(unsafe sb_unlink($0)) }
    }

    private static func accept(_ listener: Int32) -> Accepted {
        var accepted = Accepted(result: 0)
        // SAFETY: the buffer lives for the closure and sb_accept writes at most its `count` characters, NUL included,
        // when it returns a descriptor; the text is read only then.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(SB_PEER_CAPACITY)) { peer in
            guard let base = peer.baseAddress else { return }
            accepted.result = Int(unsafe sb_accept(listener, base, peer.count))
            if accepted.result >= 0 { accepted.peer = unsafe String(cString: base) }
        }
        return accepted
    }

    private static func receive(_ descriptor: Int32, into buffer: inout MutableSpan<UInt8>) -> Int {
        // SAFETY: the span keeps `count` bytes at `base` alive for the closure, and the kernel writes at most as many.
        unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe sb_receive(descriptor, base, bytes.count)
        }
    }

    private static func send(_ descriptor: Int32, _ bytes: Span<UInt8>, more: Bool) -> Int {
        // SAFETY: the span keeps its bytes alive for the closure, and the kernel reads `count` of them.
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe sb_send(descriptor, base, bytes.count, more ? 1 : 0)
        }
    }

    private static func control(_ poll: Int32, _ change: PollChange) -> Int {
        switch change {
        case .add(let descriptor, let interest, let id):
            Int(sb_epoll_control(poll, SB_EPOLL_ADD, descriptor, interest.rawValue, id))
        case .change(let descriptor, let interest, let id):
            Int(sb_epoll_control(poll, SB_EPOLL_CHANGE, descriptor, interest.rawValue, id))
        case .remove(let descriptor):
            Int(sb_epoll_control(poll, SB_EPOLL_REMOVE, descriptor, 0, 0))
        }
    }

    private static func wait(_ poll: Int32, _ events: inout [Readiness], milliseconds: Int32) -> Int {
        let capacity = min(events.count, 256)
        // SAFETY: the allocation lives for the closure; the kernel fills at most `capacity` reports and says how many,
        // and only those are read, as many as `events` has room for.
        return unsafe withUnsafeTemporaryAllocation(of: sb_event.self, capacity: capacity) { ready in
            guard let base = ready.baseAddress else { return 0 }
            let count = Int(unsafe sb_epoll_wait(poll, base, Int32(capacity), milliseconds))
            for index in 0..<max(count, 0) {
                let event = unsafe base[index]
                events[index] = Readiness(id: event.id, events: Interest(rawValue: event.events))
            }
            return count
        }
    }
}
