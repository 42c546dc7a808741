/// How a connection's bytes travel: plain or through TLS.
///
/// Both answer alike, and never block.
protocol Transport: AnyObject {
    /// A read that brings so many bytes may have left some that can be read at once.
    var fullReadBytes: Int { get }
    /// Whether a read that brings fewer bytes than there is room for has left none (epoll(7), question 9).
    var isDrainedByShortReads: Bool { get }
    /// Reads into the start of `buffer`.
    func receive(into buffer: inout [UInt8]) -> TransferResult
    /// Writes the bytes, of which there are some, or a first part. `more` says that another write follows at once.
    func send(_ bytes: Span<UInt8>, more: Bool) -> TransferResult
    /// Tells the peer that no more bytes come.
    func shutdownWrite()
    /// Tells the peer, if the protocol has a word for it, that the connection closes next.
    func sayGoodbye()
}

/// What a read or a write came to.
enum TransferResult: Equatable {
    /// So many bytes were moved, at least one.
    case bytes(Int)
    /// Nothing until the descriptor is readable.
    case wantRead
    /// Nothing until the descriptor is writable.
    case wantWrite
    /// Nothing ever again in this direction.
    case closed(Closure)
}

/// How a direction of a connection came to its end.
enum Closure: Equatable {
    /// The peer has sent all it had to say; it may still listen.
    case endOfStream
    /// The connection is lost (reset, timed out …): −errno.
    case failed(Int)
    /// The peer breaks the protocol or may not connect, and has been told so. What it sends is still to be read, since a
    /// reset would overtake what it was told.
    case refused(reason: String)
    /// The peer speaks HTTP without TLS where TLS is spoken; it can be answered so.
    case notTLS
}

/// Bytes as they are, on a socket.
final class PlainTransport: Transport {
    let fullReadBytes = Int.max
    let isDrainedByShortReads = true
    private let descriptor: Int32
    // These of the system calls, and not all of them, once a connection.
    private let receiveBytes: @Sendable (Int32, inout MutableSpan<UInt8>) -> Int
    private let sendBytes: @Sendable (Int32, Span<UInt8>, Bool) -> Int
    private let endWriting: @Sendable (Int32) -> Int

    init(descriptor: Int32, syscalls: Syscalls) {
        self.descriptor = descriptor
        receiveBytes = syscalls.receive
        sendBytes = syscalls.send
        endWriting = syscalls.shutdownWrite
    }

    func receive(into buffer: inout [UInt8]) -> TransferResult {
        var bytes = buffer.mutableSpan
        let result = receive(&bytes)
        switch result {
        case 1...: return .bytes(result)
        case 0: return .closed(.endOfStream)
        case Failure.wouldBlock: return .wantRead
        default: return .closed(.failed(result))
        }
    }

    func send(_ bytes: Span<UInt8>, more: Bool) -> TransferResult {
        let result = write(bytes, more: more)
        switch result {
        case 1...: return .bytes(result)
        case 0, Failure.wouldBlock: return .wantWrite
        default: return .closed(.failed(result))
        }
    }

    func shutdownWrite() {
        _ = endWriting(descriptor)
    }

    func sayGoodbye() {}

    /// Bytes read into the start of `bytes`, 0 at the end of the stream, or −errno.
    func receive(_ bytes: inout MutableSpan<UInt8>) -> Int {
        while true {
            let result = receiveBytes(descriptor, &bytes)
            if result != Failure.interrupted { return result }
        }
    }

    /// How many of the bytes the kernel took, or −errno.
    func write(_ bytes: Span<UInt8>, more: Bool) -> Int {
        while true {
            let result = sendBytes(descriptor, bytes, more)
            if result != Failure.interrupted { return result }
        }
    }
}
