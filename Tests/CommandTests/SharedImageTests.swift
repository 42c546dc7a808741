import Foundation
import Glibc
import TestClients
import TestSupport
import Testing

/// Posted images of services that share a database.
@Suite(.serialized, .enabled(if: SharedStore.address != nil, SharedStore.isThere))
struct SharedImageTests {
    @Test func anImagePostedToOneServiceHasItsAddressAtTheOther() throws {
        let arguments = ["--store", try #require(SharedStore.address), "--no-access-log", "--threads", "1"]
        let services = [try RunningProgram(arguments), try RunningProgram(arguments)]
        let clients = try services.map { try Client(to: $0.address) }
        let image = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        let head =
            "POST /images HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: \(image.count)\r\n\r\n"
        try clients[0].send([UInt8](head.utf8) + image)
        let stored = try clients[0].answer()
        #expect([200, 201].contains(stored.status))
        let address = try #require(stored.fields["location"])
        let sha256 = try #require(address.split(separator: "/").last)

        #expect(try clients[1].get(address).body == image)
        let answers = try clients.map { try $0.get("/predict?image=\(sha256)") }
        #expect(answers.map(\.status) == [200, 200])
        #expect(answers[0].body == answers[1].body)

        for service in services {
            service.signal(SIGTERM)
            #expect(try service.awaitEnd() == 0)
        }
    }
}
