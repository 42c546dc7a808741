internal import Concurrency
internal import Foundation
internal import Logging

extension Server {
    /// Reads the files of the TLS configuration anew and begins new connections with what is in them; does nothing
    /// without `https` addresses.
    ///
    /// Returns when they are read, and before the I/O thread has them. Connections that are open keep what they began
    /// with. Throws ``HTTPServerError`` if one of the files cannot be used; then what was in force stays so.
    public func reloadTLS() throws(HTTPServerError) {
        guard case .running(let core) = phase.withLock({ $0 }), let context = try loadTLS() else { return }
        core.mailbox.post(.useTLS(context))
        logger.info("the TLS certificates are read anew")
    }

    /// What the files of the configuration hold; nil if no address speaks TLS.
    func loadTLS() throws(HTTPServerError) -> TLSContext? {
        guard let address = configuration.addresses.first(where: \.isTLS) else {
            if configuration.tls != nil { logger.warning("TLS is configured, and no address is written with https://") }
            return nil
        }
        guard let tls = configuration.tls else { throw .missingTLS(address: "\(address)") }
        let context = try TLSContext(tls, at: Int64(Date().timeIntervalSince1970))
        for warning in context.warnings { logger.warning("\(warning)") }
        return context
    }
}
