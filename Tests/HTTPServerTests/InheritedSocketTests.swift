import Concurrency
import Foundation
import Glibc
import HTTP
import Logging
import TestClients
import Testing

@testable import HTTPServer

/// Sockets that systemd hands over: its part is played by closures, on sockets opened here.
@Suite struct InheritedSocketTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The kernel, but for the descriptors 3 …, which stand for the sockets given.
    private func inheriting(_ sockets: [Int]) -> Syscalls {
        var syscalls = Syscalls.kernel
        let kernel = syscalls
        @Sendable func real(_ descriptor: Int32) -> Int32 {
            (3..<Int32(3 + sockets.count)).contains(descriptor) ? Int32(sockets[Int(descriptor) - 3]) : descriptor
        }
        syscalls.countInherited = { sockets.count }
        syscalls.adopt = { kernel.adopt(real($0)) }
        syscalls.accept = { kernel.accept(real($0)) }
        syscalls.close = { kernel.close(real($0)) }
        syscalls.controlPoll = { poll, change in
            guard case .add(let descriptor, let interest, let id) = change else {
                return kernel.controlPoll(poll, change)
            }
            return kernel.controlPoll(poll, .add(real(descriptor), interest, id: id))
        }
        return syscalls
    }

    private func open(_ text: String) throws -> Int {
        Syscalls.kernel.listen(try ListenAddress(text), ListenOptions(backlog: 10, mode: 0o600))
    }

    @Test func servesEachAndLeavesTheFile() throws {
        let path = folder.path + "/systemd.sock"
        let sockets = [try open("127.0.0.1:0"), try open("unix:\(path)"), try open("[::1]:0")]
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress("systemd:")]
        let server = Server(
            configuration: configuration, logger: Logger(label: "test"), time: ManualTime(), handler: TestHandler(),
            syscalls: inheriting(sockets), observe: nil)
        let addresses = try server.start()
        #expect(addresses.count == 3)
        for address in addresses {
            let client = try Client(to: address)
            try client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try client.answer().text == "GET /a")
        }
        server.drain(within: Timeout(nanoseconds: 0))
        server.waitUntilStopped()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func saysThatNothingWasHandedOver() throws {
        let address = try ListenAddress("systemd:")
        #expect(throws: HTTPServerError.nothingInherited) { try TestServer { $0.addresses = [address] } }
    }

    @Test func takesThemOnce() throws {
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress("systemd:"), try ListenAddress("https://systemd:")]
        let syscalls = inheriting([])
        #expect(throws: HTTPServerError.inheritedTwice) { try Listener.open(configuration, with: syscalls) }
    }

    @Test func refusesWhatIsNoListeningSocket() throws {
        let address = try ListenAddress("systemd:")
        let counter = Syscalls.kernel.createCounter()
        defer { _ = Syscalls.kernel.close(Int32(counter)) }
        let expected = HTTPServerError.cannotListen(address: "systemd: (descriptor 3)", errno: ENOTSOCK)
        #expect(throws: expected) {
            try TestServer(syscalls: inheriting([counter])) { $0.addresses = [address] }
        }
    }
}
