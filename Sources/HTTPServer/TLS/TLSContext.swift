internal import COpenSSL
internal import Foundation

/// Certificates, key and rules of TLS, as they were when they were read: what new connections begin with.
@safe
final class TLSContext {
    /// What is odd about the files, though they can be used, a sentence each.
    private(set) var warnings: [String] = []
    private let context: OpaquePointer

    /// The context that the configuration's files make at that time, in seconds since 1970.
    init(_ configuration: TLSConfiguration, at time: Int64) throws(HTTPServerError) {
        let only13: Int32 = configuration.minimumVersion == .tls13 ? 1 : 0
        // SAFETY: the context is this object's alone, which frees it in deinit, also if something below throws.
        guard let context = unsafe sb_tls_context_new(only13) else {
            throw .noTLS(reason: Self.reason)
        }
        unsafe self.context = context
        try read(configuration)
        noteValidity(of: configuration.certificateFile, at: time)
        noteReaders(of: configuration.keyFile)
    }

    deinit {
        // SAFETY: it came from sb_tls_context_new, is freed here alone, and every connection holds this object.
        unsafe sb_tls_context_free(context)
    }

    /// The server's end of a connection that has just begun; nil if memory is short.
    func makeTransport(over socket: PlainTransport) -> TLSTransport? {
        // SAFETY: the transport holds this object for as long as it uses the context.
        unsafe TLSTransport(over: socket, context: self, handle: context)
    }

    private func read(_ configuration: TLSConfiguration) throws(HTTPServerError) {
        let (certificates, key) = (configuration.certificateFile, configuration.keyFile)
        // SAFETY: the context lives as long as this object, and a path for the call that it is given to.
        let read = unsafe sb_tls_use_certificates(context, certificates)
        if let fault = Self.fault(read, holds: "certificate") {
            throw .badTLSFile(.certificate, path: certificates, reason: fault)
        }
        // SAFETY: as above.
        let keyRead = unsafe sb_tls_use_key(context, key)
        if keyRead == SB_TLS_FILE_MISMATCH { throw .keyDoesNotMatch(key: key, certificate: certificates) }
        if let fault = Self.fault(keyRead, holds: "private key") { throw .badTLSFile(.key, path: key, reason: fault) }
        switch configuration.clientCertificates {
        case .ignored: return
        case .optional(let path): try trust(path, isRequired: false)
        case .required(let path): try trust(path, isRequired: true)
        }
    }

    private func trust(_ path: String, isRequired: Bool) throws(HTTPServerError) {
        // SAFETY: the context lives as long as this object, and the path for the call.
        let status = unsafe sb_tls_use_client_authorities(context, path, isRequired ? 1 : 0)
        guard let fault = Self.fault(status, holds: "certificate") else { return }
        throw .badTLSFile(.clientAuthorities, path: path, reason: fault)
    }

    private func noteValidity(of path: String, at time: Int64) {
        var (start, end) = (Int64(0), Int64(0))
        // SAFETY: the context lives as long as this object; both numbers are written during the call.
        guard unsafe sb_tls_validity(context, &start, &end) == 1 else { return }
        func date(_ seconds: Int64) -> String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }
        if time >= end { warnings.append("the certificate in \(path) expired at \(date(end)): clients will refuse it") }
        if time < start {
            warnings.append("the certificate in \(path) is not valid before \(date(start)): clients will refuse it")
        }
    }

    private func noteReaders(of path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o004 != 0 else { return }
        warnings.append("the key file \(path) can be read by every user of this machine; chmod 600 mends it")
    }

    /// What is wrong with a file of which so much was made; nil if nothing.
    private static func fault(_ status: Int32, holds what: String) -> String? {
        switch status {
        case SB_TLS_FILE_OK: nil
        case SB_TLS_FILE_NOT_PEM: "it holds no \(what) in PEM form"
        case SB_TLS_FILE_ENCRYPTED: "the key is protected by a passphrase; 'openssl pkey' takes it off"
        case ..<0: HTTPServerError.wordsForFile(-status)
        default: reason.isEmpty ? "it holds no usable \(what)" : "it holds no usable \(what) (\(reason))"
        }
    }

    /// Why the last call failed.
    private static var reason: String {
        // SAFETY: the buffer lives for the closure; the words are ended by a NUL within its `count` and copied at once.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { words in
            guard let base = words.baseAddress else { return "" }
            unsafe sb_tls_context_reason(base, words.count)
            return unsafe String(cString: base)
        }
    }
}

// @unchecked because a context is only read once it is made, which OpenSSL lets any number of threads do.
extension TLSContext: @unchecked Sendable {}
