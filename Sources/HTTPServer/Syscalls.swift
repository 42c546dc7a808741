/// The one door to the kernel: every system call of the server goes through a closure of this structure, so that a test
/// can make any of them fail, or answer short, n times.
///
/// Each call returns what the kernel does: a value that is not negative, or the negated error number.
package struct Syscalls: Sendable {
    /// A listening socket for a port or a path, or −errno.
    package var listen: @Sendable (_ address: ListenAddress, _ options: ListenOptions) -> Int
    /// The port a socket is bound to, or −errno.
    package var boundPort: @Sendable (_ descriptor: Int32) -> Int
    /// How many sockets the service manager has left open, from descriptor 3, or −errno.
    package var countInherited: @Sendable () -> Int
    /// Takes one of them over: 0 and where it listens, or −errno.
    package var adopt: @Sendable (_ descriptor: Int32) -> Adopted
    /// Removes a Unix-domain socket's file: 0 or −errno.
    package var unlink: @Sendable (_ path: String) -> Int
    /// How many descriptors the process may have open, or −errno.
    package var descriptorLimit: @Sendable () -> Int
    /// The next waiting connection, non-blocking.
    package var accept: @Sendable (_ listener: Int32) -> Accepted
    /// Bytes written to the start of `buffer`, 0 at the end of the stream, or −errno.
    package var receive: @Sendable (_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>) -> Int
    /// How many of the bytes the kernel took, or −errno.
    ///
    /// `more` says that the next call follows at once.
    package var send: @Sendable (_ descriptor: Int32, _ bytes: Span<UInt8>, _ more: Bool) -> Int
    /// Ends the sending direction: 0 or −errno.
    package var shutdownWrite: @Sendable (_ descriptor: Int32) -> Int
    /// Closes a descriptor, which is gone whatever comes back.
    package var close: @Sendable (_ descriptor: Int32) -> Int
    /// An epoll descriptor, or −errno.
    package var createPoll: @Sendable () -> Int
    /// Adds, changes or removes a descriptor: 0 or −errno.
    package var controlPoll: @Sendable (_ poll: Int32, _ change: PollChange) -> Int
    /// How many reports were written to the start of `events`; waits for the milliseconds given, for ever if negative.
    package var waitPoll: @Sendable (_ poll: Int32, _ events: inout [Readiness], _ milliseconds: Int32) -> Int
    /// An event counter at zero, or −errno.
    package var createCounter: @Sendable () -> Int
    /// Makes the counter readable: 0 or −errno.
    package var signalCounter: @Sendable (_ descriptor: Int32) -> Int
    /// Sets the counter to zero: 0 or −errno.
    package var clearCounter: @Sendable (_ descriptor: Int32) -> Int
}

/// How a listening socket is set up.
package struct ListenOptions: Equatable, Sendable {
    /// Connections the kernel completes before they are accepted.
    package var backlog: Int
    /// The permissions of a Unix-domain socket's file.
    package var mode: UInt16
}

/// What `adopt` found.
package struct Adopted: Sendable {
    /// 0 or −errno.
    package var result: Int
    /// Where the socket listens, as ``ListenAddress`` writes it.
    package var address: String

    package init(result: Int, address: String = "") {
        self.result = result
        self.address = address
    }
}

/// What `accept` found.
package struct Accepted: Sendable {
    /// The descriptor, or −errno.
    package var result: Int
    /// The numeric host of the peer, or `unix`.
    package var peer: String

    package init(result: Int, peer: String = "") {
        self.result = result
        self.peer = peer
    }
}

/// A change of what a poll descriptor watches.
package enum PollChange: Equatable, Sendable {
    case add(Int32, Interest, id: UInt64)
    case change(Int32, Interest, id: UInt64)
    case remove(Int32)
}

/// Which readiness of a descriptor is watched or reported.
///
/// Errors and hang-ups are always reported.
package struct Interest: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Bytes, a connection or an end of stream can be read.
    package static let read = Interest(rawValue: 0x1)
    /// Bytes can be written.
    package static let write = Interest(rawValue: 0x4)
    /// The descriptor has failed.
    package static let error = Interest(rawValue: 0x8)
    /// Both directions have ended.
    package static let hangUp = Interest(rawValue: 0x10)
    /// The peer has ended its sending direction, which it may do and still wait for an answer.
    package static let peerHalfClosed = Interest(rawValue: 0x2000)
    /// What is reported once is not reported again until something is new, or the descriptor is added or changed
    /// (`EPOLLET`).
    package static let newsOnly = Interest(rawValue: 0x8000_0000)
}

/// One readiness report.
package struct Readiness: Equatable, Sendable {
    /// The number the descriptor was registered under.
    package var id: UInt64
    package var events: Interest

    package init(id: UInt64 = 0, events: Interest = []) {
        self.id = id
        self.events = events
    }
}
