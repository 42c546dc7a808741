import HTTPServer
import TestClients
import Testing

@Suite struct ClientCertificateTests {
    private enum Kind { case optional, required }

    private func fixture(_ kind: Kind, _ authority: Identity) throws -> TLSFixture {
        try TLSFixture { _, tls, folder in
            let path = try folder.write(authority.certificate, to: "authorities.pem")
            tls.clientCertificates = kind == .optional ? .optional(authorities: path) : .required(authorities: path)
        }
    }

    /// TLS 1.3 tells a client that it is refused only after its side of the handshake is done.
    private func get(_ fixture: TLSFixture, _ identity: Identity?, _ version: Int32) throws -> Int {
        let client = try fixture.client { ($0.minimum, $0.maximum, $0.identity) = (version, version, identity) }
        return try client.get("/").status
    }

    @Test(arguments: [12, 13] as [Int32])
    func aCertificateOfTheAuthorityIsTaken(version: Int32) throws {
        let authority = try Identity("Clients", isAuthority: true)
        let alice = try Identity("alice", signedBy: authority)
        for kind in [Kind.optional, .required] {
            #expect(try get(try fixture(kind, authority), alice, version) == 200)
        }
    }

    @Test func noneIsTakenOnlyWhereItIsOptional() throws {
        let authority = try Identity("Clients", isAuthority: true)
        for version in [12, 13] as [Int32] {
            #expect(try get(try fixture(.optional, authority), nil, version) == 200)
        }
        let required = try fixture(.required, authority)
        #expect(throws: TLSFailure(reason: "sslv3 alert handshake failure")) { try get(required, nil, 12) }
        #expect(throws: TLSFailure(reason: "tlsv13 alert certificate required")) { try get(required, nil, 13) }
        let logged = required.server.log.wait { lines in
            lines.contains { $0.message == "TLS with 127.0.0.1 failed: peer did not return a certificate" }
        }
        #expect(logged)
    }

    @Test(arguments: [12, 13] as [Int32])
    func aStrangersCertificateIsRefused(version: Int32) throws {
        let authority = try Identity("Clients", isAuthority: true)
        let mallory = try Identity("mallory", signedBy: try Identity("Clients", isAuthority: true))
        for kind in [Kind.optional, .required] {
            let fixture = try fixture(kind, authority)
            #expect(throws: TLSFailure.self) { try get(fixture, mallory, version) }
            let logged = fixture.server.log.wait { lines in
                lines.contains { $0.message.hasPrefix("TLS with 127.0.0.1 failed: certificate verify failed: ") }
            }
            #expect(logged)
        }
    }

    @Test func anExpiredCertificateIsRefused() throws {
        let authority = try Identity("Clients", isAuthority: true)
        let late = try Identity("late", signedBy: authority, from: -2000, until: -1000)
        let fixture = try fixture(.required, authority)
        #expect(throws: TLSFailure(reason: "sslv3 alert certificate expired")) { try get(fixture, late, 13) }
    }
}
