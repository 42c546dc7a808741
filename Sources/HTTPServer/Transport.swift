/// How a connection's bytes travel: plain, or later through TLS.
///
/// Both answer alike, and never block.
protocol Transport: AnyObject {
    /// Reads into the start of `buffer`.
    func receive(into buffer: inout [UInt8]) -> TransferResult
    /// Writes the bytes, of which there are some, or a first part. `more` says that another write follows at once.
    func send(_ bytes: Span<UInt8>, more: Bool) -> TransferResult
    /// Tells the peer that no more bytes come.
    func shutdownWrite()
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
}

/// Bytes as they are, on a socket.
final class PlainTransport: Transport {
    private let descriptor: Int32
    private let syscalls: Syscalls

    init(descriptor: Int32, syscalls: Syscalls) {
        self.descriptor = descriptor
        self.syscalls = syscalls
    }

    func receive(into buffer: inout [UInt8]) -> TransferResult {
        while true {
            let result = syscalls.receive(descriptor, &buffer)
            switch result {
            case 1...: return .bytes(result)
            case 0: return .closed(.endOfStream)
            case Failure.wouldBlock: return .wantRead
            case Failure.interrupted: continue
            default: return .closed(.failed(result))
            }
        }
    }

    func send(_ bytes: Span<UInt8>, more: Bool) -> TransferResult {
        while true {
            let result = syscalls.send(descriptor, bytes, more)
            switch result {
            case 1...: return .bytes(result)
            case 0, Failure.wouldBlock: return .wantWrite
            case Failure.interrupted: continue
            default: return .closed(.failed(result))
            }
        }
    }

    func shutdownWrite() {
        _ = syscalls.shutdownWrite(descriptor)
    }
}
