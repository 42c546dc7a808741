import Glibc
import HTTPServer

/// A listening address as the kernel wants it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private let length: Int
    let family: Int32

    init(_ address: ListenAddress) {
        switch address.place {
        case .tcp(let host, let port, true):
            (family, length) = (AF_INET6, MemoryLayout<sockaddr_in6>.size)
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = port.bigEndian
            // SAFETY: inet_pton writes the sixteen bytes of the field.
            _ = unsafe inet_pton(AF_INET6, host, &target.sin6_addr)
            copy(target)
        case .tcp(let host, let port, false):
            (family, length) = (AF_INET, MemoryLayout<sockaddr_in>.size)
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = port.bigEndian
            // SAFETY: inet_pton writes the four bytes of the field.
            _ = unsafe inet_pton(AF_INET, host, &target.sin_addr)
            copy(target)
        case .unix(let path):
            (family, length) = (AF_UNIX, MemoryLayout<sockaddr_un>.size)
            var target = sockaddr_un()
            target.sun_family = sa_family_t(AF_UNIX)
            // SAFETY: the field has 108 bytes and the path of a listening address at most 107.
            unsafe withUnsafeMutableBytes(of: &target.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            copy(target)
        case .systemd:
            preconditionFailure("systemd: is no address to connect to")
        }
    }

    func connect(_ descriptor: Int32) -> Int32 {
        // SAFETY: the address and its length are those of the storage, which lives for the call.
        unsafe withAddress { unsafe Glibc.connect(descriptor, $0, socklen_t(length)) }
    }

    func bind(_ descriptor: Int32) -> Int32 {
        // SAFETY: the address and its length are those of the storage, which lives for the call.
        unsafe withAddress { unsafe Glibc.bind(descriptor, $0, socklen_t(length)) }
    }

    private mutating func copy<Address>(_ address: Address) {
        // SAFETY: the storage is as large as any socket address, and both live for the closures.
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe withUnsafeBytes(of: address) { unsafe target.copyMemory(from: $0) }
        }
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>?) -> Int32) -> Int32 {
        // SAFETY: every kind of socket address begins as sockaddr does; the call reads `length` bytes of the storage.
        unsafe withUnsafeBytes(of: storage) { unsafe body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self)) }
    }
}
