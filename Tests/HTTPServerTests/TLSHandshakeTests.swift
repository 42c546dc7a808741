import HTTP
import HTTPTypes
import TestClients
import Testing

@testable import HTTPServer

@Suite struct TLSHandshakeTests {
    private static func echoingScheme() -> TestHandler {
        var handler = TestHandler()
        handler.respond = { request, _ in
            Response(status: .ok, contentType: "text/plain", text: "\(request.scheme) \(request.target.path)")
        }
        return handler
    }

    @Test(arguments: [12, 13] as [Int32])
    func speaksBothVersions(version: Int32) throws {
        let fixture = try TLSFixture(handler: Self.echoingScheme())
        let client = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        #expect(client.version == version)
        #expect(client.serverName == "first")
        for path in ["/a", "/b"] { #expect(try client.get(path).text == "https \(path)") }
        #expect(fixture.server.server.statistics.tlsFailures == 0)
    }

    @Test(arguments: [10, 11] as [Int32])
    func refusesOldVersions(version: Int32) throws {
        let fixture = try TLSFixture()
        #expect(throws: TLSFailure(reason: "tlsv1 alert protocol version")) {
            try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        }
        fixture.server.turn()
        #expect(fixture.server.server.statistics.tlsFailures == 1)
    }

    @Test func refusesTLS12WhereTheMinimumIs13() throws {
        let fixture = try TLSFixture { _, tls, _ in tls.minimumVersion = .tls13 }
        #expect(throws: TLSFailure(reason: "tlsv1 alert protocol version")) {
            try fixture.client { $0.maximum = 12 }
        }
        #expect(try fixture.client().version == 13)
    }

    @Test(arguments: [
        "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256",
    ])
    func refusesSuitesWithoutForwardSecrecyOrAuthenticatedEncryption(suite: String) throws {
        let fixture = try TLSFixture()
        #expect(throws: TLSFailure(reason: "sslv3 alert handshake failure")) {
            try fixture.client { ($0.maximum, $0.suites) = (12, suite) }
        }
    }

    @Test func prefersItsOwnSuitesButForChaChaAtTheTop() throws {
        let fixture = try TLSFixture()
        let (aes128, aes256) = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384")
        let chaCha = "ECDHE-ECDSA-CHACHA20-POLY1305"
        for (offered, chosen) in [("\(aes256):\(aes128)", aes128), ("\(chaCha):\(aes128)", chaCha), (aes256, aes256)] {
            #expect(try fixture.client { ($0.maximum, $0.suites) = (12, offered) }.suite == chosen)
        }
    }

    @Test func choosesHTTP11AmongTheProtocolsOffered() throws {
        let fixture = try TLSFixture()
        #expect(try fixture.client { $0.protocols = ["h2", "http/1.1"] }.chosenProtocol == "http/1.1")
        #expect(try fixture.client { $0.protocols = ["http/1.0", "http/1.1"] }.chosenProtocol == "http/1.1")
        #expect(try fixture.client { $0.protocols = ["http/1.0"] }.chosenProtocol == "http/1.0")
        #expect(try fixture.client { $0.protocols = [] }.chosenProtocol == "")
        for protocols in [["h2"], ["h3", "h2"], ["http/1.1x"], ["http/1."]] {
            #expect(throws: TLSFailure(reason: "tlsv1 alert no application protocol")) {
                try fixture.client { $0.protocols = protocols }
            }
        }
    }

    @Test(arguments: [12, 13] as [Int32])
    func resumesSessions(version: Int32) throws {
        let fixture = try TLSFixture()
        let first = try fixture.client { ($0.minimum, $0.maximum) = (version, version) }
        #expect(try first.get("/").status == 200)
        let second = try fixture.client(resuming: first) { ($0.minimum, $0.maximum) = (version, version) }
        #expect(second.wasResumed && !first.wasResumed)
        #expect(try second.get("/").status == 200)
    }

    @Test func doesNotShakeHandsAnew() throws {
        let fixture = try TLSFixture()
        let client = try fixture.client { $0.maximum = 12 }
        #expect(try client.get("/").status == 200)
        #expect(!client.rekey())
    }

    @Test func changesKeysWhenAsked() throws {
        let fixture = try TLSFixture()
        let client = try fixture.client()
        for _ in 0..<5 {
            #expect(client.rekey())
            #expect(try client.get("/").status == 200)
        }
    }
}
