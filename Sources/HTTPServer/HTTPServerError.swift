internal import Glibc

/// Why a server does not start.
public enum HTTPServerError: Error, Equatable, Sendable {
    /// The text is no address to listen at.
    case badAddress(String, reason: String)
    /// The text names no proxy.
    case badProxy(String, reason: String)
    /// The kernel refuses to listen at the address; `errno` says why.
    case cannotListen(address: String, errno: Int32)
    /// The sockets that systemd was to hand over are not there.
    case nothingInherited
    /// The sockets that systemd hands over are configured more than once, as with TLS and without it.
    case inheritedTwice
    /// A system call the server cannot do without failed.
    case system(call: String, errno: Int32)
    /// `start` was called a second time.
    case alreadyStarted
    /// An `https` address without certificate and key.
    case missingTLS(address: String)
    /// A file of the TLS configuration cannot be used.
    case badTLSFile(TLSFile, path: String, reason: String)
    /// The private key is not that of the certificate.
    case keyDoesNotMatch(key: String, certificate: String)
    /// OpenSSL cannot be set up.
    case noTLS(reason: String)

    /// What a file of the TLS configuration is for.
    public enum TLSFile: String, Sendable {
        /// The server's certificate and those behind it.
        case certificate = "certificate"
        /// The certificate's private key.
        case key = "key"
        /// The authorities that sign the certificates of clients.
        case clientAuthorities = "client authority"
    }
}

extension HTTPServerError: CustomStringConvertible {
    /// One sentence for the person who starts the server.
    public var description: String {
        switch self {
        case .badAddress(let text, let reason):
            "cannot listen at '\(text)': \(reason); write it as 127.0.0.1:8080, [::1]:8080 or unix:/run/name.sock"
        case .badProxy(let text, let reason):
            "cannot trust '\(text)' as a proxy: \(reason); write it as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32 or unix"
        case .cannotListen(let address, let errno):
            "cannot listen at \(address): \(Self.listenWords(for: errno, isFile: address.hasPrefix("unix:")))"
        case .nothingInherited:
            "cannot listen at systemd: no sockets were handed over (LISTEN_FDS is not set for this process)"
        case .inheritedTwice:
            "cannot listen at systemd: twice: all sockets that were handed over are taken at once, with TLS or without"
        case .system(let call, let errno):
            "the system call \(call) failed: \(Self.words(for: errno))"
        case .alreadyStarted:
            "the server was started before; a server runs once"
        case .missingTLS(let address):
            "cannot listen at \(address): TLS needs a certificate and its key, and none are configured"
        case .badTLSFile(let file, let path, let reason):
            "the TLS \(file.rawValue) file \(path) cannot be used: \(reason)"
        case .keyDoesNotMatch(let key, let certificate):
            "the TLS key in \(key) is not that of the certificate in \(certificate)"
        case .noTLS(let reason):
            "OpenSSL cannot be set up: \(reason)"
        }
    }

    private static func listenWords(for errno: Int32, isFile: Bool) -> String {
        switch errno {
        case EADDRINUSE: "the address is already in use by another process"
        case EACCES where isFile: "permission denied for its folder or the socket that stands there"
        case EACCES: "permission denied (ports below 1024 need a privilege)"
        case ENOENT where isFile: "its folder does not exist"
        case ENOTSOCK where isFile: "a file that is no socket stands there"
        case ENOTSOCK: "it is no listening stream socket"
        default: words(for: errno)
        }
    }

    private static func words(for errno: Int32) -> String {
        switch errno {
        case EADDRNOTAVAIL: "this machine has no such address"
        case EAFNOSUPPORT: "this machine does not speak that address family"
        case EMFILE, ENFILE: "too many open files"
        default: systemWords(for: errno)
        }
    }

    /// Why a file cannot be read.
    static func wordsForFile(_ errno: Int32) -> String {
        switch errno {
        case ENOENT: "there is no such file"
        case EACCES: "this process may not read it"
        case EISDIR: "it is a folder"
        default: words(for: errno)
        }
    }

    private static func systemWords(for errno: Int32) -> String {
        // SAFETY: strerror_r writes at most 128 bytes into the buffer or returns a constant; the text is copied at once.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(errno, base, buffer.count) == 0 else {
                return "error \(errno)"
            }
            return unsafe String(cString: base)
        }
    }
}
