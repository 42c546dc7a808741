/// How listeners of the scheme `https` speak TLS.
///
/// TLS 1.2 with forward secrecy and authenticated encryption alone (Mozilla's intermediate list without the suites over
/// finite fields), and TLS 1.3; the application protocols `http/1.1` and `http/1.0`; sessions resumed by tickets whose key lives until
/// the next ``Server/reloadTLS()``; no renegotiation, no compression, no early data.
public struct TLSConfiguration: Equatable, Sendable {
    /// The oldest version a client may speak.
    public enum Version: String, CaseIterable, Sendable {
        /// TLS 1.2 (RFC 5246).
        case tls12 = "1.2"
        /// TLS 1.3 (RFC 8446).
        case tls13 = "1.3"
    }

    /// Whether clients are asked for a certificate.
    public enum ClientCertificates: Equatable, Sendable {
        /// They are not.
        case ignored
        /// They are; one that the authorities in the PEM file have not signed ends the handshake, none at all does not.
        case optional(authorities: String)
        /// They are, and one that the authorities in the PEM file have signed must be there.
        case required(authorities: String)
    }

    /// The path of a PEM file: the server's certificate, then those that lead from it to an authority.
    public var certificateFile: String
    /// The path of a PEM file with the certificate's private key, without a passphrase.
    ///
    /// It may be the same file.
    public var keyFile: String
    /// Whether clients show a certificate too (default: they are not asked).
    public var clientCertificates = ClientCertificates.ignored
    /// The oldest version taken (default: 1.2).
    public var minimumVersion = Version.tls12

    /// TLS with the certificates and the key of these files, which are read when the server starts and by
    /// ``Server/reloadTLS()``.
    public init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
