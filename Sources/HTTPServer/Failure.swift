internal import Glibc

/// The error numbers the server tells apart, negated as system calls return them.
enum Failure {
    /// Nothing to read or accept, or no room to write (EAGAIN, which Linux also calls EWOULDBLOCK).
    static let wouldBlock = -Int(EAGAIN)
    /// A signal came first: the call is made again.
    static let interrupted = -Int(EINTR)

    /// Whether `accept` failed for want of descriptors or memory: trying again at once would spin.
    static func isExhaustion(_ result: Int) -> Bool {
        [-Int(EMFILE), -Int(ENFILE), -Int(ENOBUFS), -Int(ENOMEM)].contains(result)
    }

    /// Whether `accept` reports a failure of the one connection that was next, which is gone with it.
    static func concernsOneConnection(_ result: Int) -> Bool {
        // accept(2): Linux passes on network errors that are already pending on the new socket.
        [
            ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, ETIMEDOUT,
        ].contains(Int32(-result))
    }
}
