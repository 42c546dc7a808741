import HTTPServer

extension Setting {
    static let tls = SettingGroup(
        title: "TLS (for https:// addresses)",
        settings: [
            Setting(
                "tls-certificate-file", SettingType.file.optional, \.tls.certificateFile,
                "PEM: the server's certificate, then those that lead to an authority; read again on SIGHUP."),
            Setting(
                "tls-key-file", SettingType.file.optional, \.tls.keyFile,
                "PEM: the certificate's private key, without a passphrase, of mode 0600."),
            Setting(
                "tls-min-version", .version, \.tls.minimumVersion, "The oldest version of TLS that is spoken."),
            Setting(
                "tls-client-ca-file", SettingType.file.optional, \.tls.clientAuthorities,
                "PEM: the authorities of client certificates; without it clients are asked for none."),
            Setting(
                "tls-client-certificates", .word("word", of: ["optional", "required"]), \.tls.clientCertificates,
                "Whether a client must show a certificate, where there is a tls-client-ca-file."),
        ])
}

extension SettingType where Value == String {
    /// The path of a file.
    static var file: SettingType { .text("file", allowed: "the path of a file") }
}

extension SettingType where Value == TLSConfiguration.Version {
    /// A version of TLS.
    static var version: SettingType {
        SettingType(
            "version", allowed: TLSConfiguration.Version.allCases.map(\.rawValue).joined(separator: ", "),
            read: { TLSConfiguration.Version(rawValue: $0) }, write: { $0.rawValue })
    }
}
