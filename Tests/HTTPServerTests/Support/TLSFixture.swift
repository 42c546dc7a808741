import HTTPServer
import TestClients
import Testing

/// A server that speaks TLS, with a certificate made for the test.
final class TLSFixture: Sendable {
    let folder: TemporaryFolder
    let authority: Identity
    let identity: Identity
    let server: TestServer

    init(
        handler: TestHandler = TestHandler(), faults: Faults = Faults(),
        configure: (inout ServerConfiguration, inout TLSConfiguration, TemporaryFolder) throws -> Void = { _, _, _ in }
    ) throws {
        let folder = try TemporaryFolder()
        authority = try Identity("Test Authority", isAuthority: true)
        identity = try Identity("first", signedBy: authority)
        var tls = TLSConfiguration(
            certificateFile: try folder.write(identity.certificate, to: "certificate.pem"),
            keyFile: try folder.write(identity.key, to: "key.pem"))
        var server = ServerConfiguration()
        try configure(&server, &tls, folder)
        server.tls = tls
        self.folder = folder
        self.server = try TestServer(handler: handler, syscalls: faults.syscalls, host: "https://127.0.0.1") {
            let addresses = $0.addresses
            $0 = server
            $0.addresses = addresses
        }
    }

    /// A client that has shaken hands with the server, whose certificate it checks.
    func client(
        receiveBytes: Int32? = nil, resuming earlier: TLSClient? = nil,
        _ change: (inout TLSClient.Options) -> Void = { _ in }
    ) throws -> TLSClient {
        var options = TLSClient.Options(authority: authority)
        change(&options)
        return try TLSClient(to: server.address, receiveBytes: receiveBytes, resuming: earlier, options)
    }

    /// Puts another certificate of the same authority in the place of the server's.
    func replaceCertificate(with name: String) throws {
        let identity = try Identity(name, signedBy: authority)
        try folder.write(identity.certificate, to: "certificate.pem")
        try folder.write(identity.key, to: "key.pem")
    }
}
