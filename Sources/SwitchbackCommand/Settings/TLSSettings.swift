import HTTPServer

/// The settings of TLS as they are written.
struct TLSSettings: Equatable, Sendable {
    var certificateFile: String?
    var keyFile: String?
    var minimumVersion = TLSConfiguration.Version.tls12
    var clientAuthorities: String?
    /// Whether a client must show a certificate, where authorities are given.
    var clientCertificates = "required"

    /// The settings as the server takes them; nil where there is no certificate.
    ///
    /// Throws where one setting needs another that is not there.
    func configuration() throws(SettingsError) -> TLSConfiguration? {
        switch (certificateFile, keyFile) {
        case (nil, nil):
            guard clientAuthorities == nil else {
                throw .notAllowed("tls-client-ca-file needs tls-certificate-file and tls-key-file")
            }
            return nil
        case (nil, _?): throw .notAllowed("tls-key-file needs tls-certificate-file")
        case (_?, nil): throw .notAllowed("tls-certificate-file needs tls-key-file")
        case (let certificate?, let key?):
            var configuration = TLSConfiguration(certificateFile: certificate, keyFile: key)
            configuration.minimumVersion = minimumVersion
            if let authorities = clientAuthorities {
                configuration.clientCertificates =
                    clientCertificates == "required"
                    ? .required(authorities: authorities) : .optional(authorities: authorities)
            }
            return configuration
        }
    }
}
