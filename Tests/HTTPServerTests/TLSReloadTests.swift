import Concurrency
import Dispatch
import HTTPServer
import TestClients
import Testing

@Suite struct TLSReloadTests {
    @Test func newConnectionsSeeTheNewCertificateAndOldOnesGoOn() throws {
        let fixture = try TLSFixture()
        let old = try fixture.client()
        #expect(try old.get("/").status == 200)
        try fixture.replaceCertificate(with: "second")
        #expect(try fixture.client().serverName == "first")
        try fixture.server.server.reloadTLS()
        fixture.server.turn()
        let new = try fixture.client()
        #expect(new.serverName == "second" && old.serverName == "first")
        for client in [old, new] { #expect(try client.get("/").status == 200) }
    }

    @Test func aWrongFileLeavesTheOldOnesInForce() throws {
        let fixture = try TLSFixture()
        let path = try fixture.folder.write(try Identity("other").key, to: "key.pem")
        let certificate = fixture.folder.path + "/certificate.pem"
        #expect(throws: HTTPServerError.keyDoesNotMatch(key: path, certificate: certificate)) {
            try fixture.server.server.reloadTLS()
        }
        fixture.server.turn()
        #expect(try fixture.client().get("/").status == 200)
        try fixture.folder.write("", to: "certificate.pem")
        #expect(throws: HTTPServerError.self) { try fixture.server.server.reloadTLS() }
        fixture.server.turn()
        #expect(try fixture.client().serverName == "first")
    }

    @Test func doesNothingWithoutTLSOrBeforeTheStart() throws {
        try TestServer().server.reloadTLS()
    }

    @Test func nothingFailsWhenItIsReloadedUnderLoad() throws {
        let fixture = try TLSFixture()
        let failures = Guarded<[String]>([])
        let isOver = Guarded(false)
        let names = Guarded<Set<String>>([])
        let group = DispatchGroup()
        for index in 0..<3 {
            let queue = DispatchQueue(label: "client \(index)")
            queue.async(group: group) { @Sendable in
                do {
                    let lasting = try fixture.client()
                    while !isOver.withLock({ $0 }) {
                        let client = try fixture.client()
                        names.withLock { names in _ = names.insert(client.serverName) }
                        for each in [client, lasting] where try each.get("/").status != 200 {
                            failures.withLock { $0.append("an answer") }
                        }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        for number in 1...30 {
            try fixture.replaceCertificate(with: "number \(number)")
            try fixture.server.server.reloadTLS()
            // Each certificate is seen by somebody, unless somebody fails.
            let limit = MonotonicTime().now + .seconds(20)
            while !names.withLock({ $0.contains("number \(number)") }), failures.withLock(\.isEmpty),
                MonotonicTime().now < limit
            {
                fixture.server.turn()
            }
        }
        isOver.withLock { $0 = true }
        group.wait()
        #expect(failures.withLock { $0 } == [])
        #expect(names.withLock { $0.contains("number 30") })
        #expect(fixture.server.server.statistics.tlsFailures == 0)
    }
}
