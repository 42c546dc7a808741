import Concurrency
import HTTPServer
import Logging
import TestClients
import Testing

@Suite struct TLSFilesTests {
    private let folder: TemporaryFolder
    private let identity: Identity

    init() throws {
        folder = try TemporaryFolder()
        identity = try Identity("localhost")
        try folder.write(identity.certificate, to: "certificate.pem")
        try folder.write(identity.key, to: "key.pem")
    }

    private var files: TLSConfiguration {
        TLSConfiguration(certificateFile: path("certificate.pem"), keyFile: path("key.pem"))
    }

    private func path(_ name: String) -> String { folder.path + "/\(name)" }

    /// What the server says when it is started with these files.
    private func words(_ tls: TLSConfiguration?) -> String? {
        do {
            _ = try TestServer(host: "https://127.0.0.1") { $0.tls = tls }
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func anHTTPSAddressNeedsACertificate() {
        #expect(
            words(nil)
                == "cannot listen at https://127.0.0.1:0: TLS needs a certificate and its key, and none are configured")
        #expect(words(files) == nil)
    }

    @Test func saysWhichFileIsMissing() throws {
        var tls = files
        tls.certificateFile = "/nowhere/certificate.pem"
        #expect(
            words(tls)
                == "the TLS certificate file /nowhere/certificate.pem cannot be used: there is no such file")
        tls = files
        tls.keyFile = path("")
        #expect(words(tls)?.hasSuffix("cannot be used: it is a folder") == true, "\(String(describing: words(tls)))")
        tls = files
        tls.clientCertificates = .required(authorities: "/nowhere/ca.pem")
        #expect(
            words(tls) == "the TLS client authority file /nowhere/ca.pem cannot be used: there is no such file")
    }

    @Test func saysWhatIsWrongWithTheCertificate() throws {
        let name = "the TLS certificate file \(path("certificate.pem")) cannot be used: "
        for text in ["", "hello", identity.key] {
            try folder.write(text, to: "certificate.pem")
            #expect(words(files) == name + "it holds no certificate in PEM form")
        }
        try folder.write(identity.certificate.replacing("MII", with: "AAA"), to: "certificate.pem")
        #expect(words(files)?.hasPrefix(name + "it holds no usable certificate (") == true)
        try folder.write(identity.certificate.replacing("MII", with: "!!!"), to: "certificate.pem")
        #expect(words(files) == name + "it holds no usable certificate (bad base64 decode)")
        try folder.write(String(identity.certificate.prefix(200)), to: "certificate.pem")
        #expect(words(files)?.hasPrefix(name + "it holds no usable certificate (") == true)
        // A broken second one.
        try folder.write(
            identity.certificate + identity.certificate.replacing("MII", with: "AAA"), to: "certificate.pem")
        #expect(words(files)?.hasPrefix(name + "it holds no usable certificate (") == true)
    }

    @Test func saysWhatIsWrongWithTheKey() throws {
        let name = "the TLS key file \(path("key.pem")) cannot be used: "
        for text in ["", "hello", identity.certificate] {
            try folder.write(text, to: "key.pem")
            #expect(words(files) == name + "it holds no private key in PEM form")
        }
        try folder.write(identity.key.replacing("MIG", with: "AAA"), to: "key.pem")
        #expect(words(files)?.hasPrefix(name + "it holds no ") == true)
        try folder.write(identity.key(under: "secret"), to: "key.pem")
        #expect(words(files) == name + "the key is protected by a passphrase; 'openssl pkey' takes it off")
        try folder.write(try Identity("other").key, to: "key.pem")
        #expect(
            words(files)
                == "the TLS key in \(path("key.pem")) is not that of the certificate in \(path("certificate.pem"))")
    }

    @Test func saysWhatIsWrongWithTheAuthorities() throws {
        var tls = files
        tls.clientCertificates = .optional(authorities: try folder.write("nothing", to: "ca.pem"))
        #expect(
            words(tls)
                == "the TLS client authority file \(path("ca.pem")) cannot be used: it holds no certificate in PEM form"
        )
    }

    @Test func oneFileMayHoldCertificateAndKey() throws {
        let path = try folder.write(identity.key + identity.certificate, to: "both.pem")
        #expect(words(TLSConfiguration(certificateFile: path, keyFile: path)) == nil)
    }

    /// The warnings of a server that starts with these files.
    private func warnings(_ tls: TLSConfiguration?, host: String = "https://127.0.0.1") throws -> [String] {
        let server = try TestServer(host: host) { $0.tls = tls }
        return server.log.values.filter { $0.level == .warning }.map(\.message)
    }

    @Test func warnsOfACertificateOutsideItsTime() throws {
        #expect(try warnings(files) == [])
        for (from, until, words) in [(-2000, -1000, "expired at 20"), (1000, 2000, "is not valid before 20")]
            as [(Int64, Int64, String)]
        {
            let identity = try Identity("localhost", from: from, until: until)
            try folder.write(identity.certificate, to: "certificate.pem")
            try folder.write(identity.key, to: "key.pem")
            let warnings = try warnings(files)
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("the certificate in \(path("certificate.pem")) \(words)") == true)
        }
    }

    @Test func warnsOfAKeyThatEverybodyMayRead() throws {
        try folder.write(identity.key, to: "key.pem", permissions: 0o644)
        let words = "the key file \(path("key.pem")) can be read by every user of this machine; chmod 600 mends it"
        #expect(try warnings(files) == [words])
        try folder.write(identity.key, to: "key.pem", permissions: 0o640)
        #expect(try warnings(files) == [])
    }

    @Test func warnsOfTLSThatNoAddressSpeaks() throws {
        let warnings = try warnings(files, host: "127.0.0.1")
        #expect(warnings == ["TLS is configured, and no address is written with https://"])
    }
}
