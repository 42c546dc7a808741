import Concurrency
import Foundation
import Glibc
import HTTP
import Logging
import TestClients
import Testing

@testable import HTTPServer

@Suite struct UnixSocketTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path + "/a.sock" }

    private func server(_ addresses: [ListenAddress], mode: UInt16 = 0o660, syscalls: Syscalls = .kernel) -> Server {
        var configuration = ServerConfiguration()
        configuration.addresses = addresses
        configuration.unixSocketMode = mode
        return Server(
            configuration: configuration, logger: Logger(label: "test"), time: ManualTime(), handler: TestHandler(),
            syscalls: syscalls, observe: nil)
    }

    private func stop(_ server: Server) {
        server.drain(within: Timeout(nanoseconds: 0))
        server.waitUntilStopped()
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func answersOnItAndNamesThePeer() throws {
        let address = try ListenAddress("unix:\(path)")
        let server = try TestServer { $0.addresses = [address] }
        #expect(server.address == address)
        let client = try server.client()
        try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().text == "GET /a")
        #expect(server.accessLines(1)[0]["peer"] == "unix")
    }

    @Test(arguments: [0o660, 0o600, 0o666] as [UInt16])
    func hasThePermissionsConfiguredAndGoesInTheEnd(mode: UInt16) throws {
        let server = server([try ListenAddress("unix:\(path)")], mode: mode)
        _ = try server.start()
        #expect(try self.mode(of: path) == Int(mode))
        stop(server)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func replacesASocketThatNobodyListensOn() throws {
        let address = try ListenAddress("unix:\(path)")
        var syscalls = Syscalls.kernel
        syscalls.unlink = { _ in 0 }
        let crashed = server([address], syscalls: syscalls)
        _ = try crashed.start()
        stop(crashed)
        #expect(FileManager.default.fileExists(atPath: path))
        let successor = server([address])
        #expect(try successor.start() == [address])
        stop(successor)
    }

    @Test func leavesALiveSocketToItsOwner() throws {
        let address = try ListenAddress("unix:\(path)")
        let owner = try TestServer { $0.addresses = [address] }
        let faults = Faults()
        let other = server([try ListenAddress("127.0.0.1:0"), address], syscalls: faults.syscalls)
        let expected = HTTPServerError.cannotListen(address: "\(address)", errno: EADDRINUSE)
        #expect(throws: expected) { try other.start() }
        #expect(faults.openDescriptors == 0)
        let client = try owner.client()
        try client.send("GET /still HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().text == "GET /still")
    }

    @Test func doesNotTouchAnotherFile() throws {
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        let address = try ListenAddress("unix:\(path)")
        let expected = HTTPServerError.cannotListen(address: "\(address)", errno: ENOTSOCK)
        #expect(throws: expected) { try server([address]).start() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func saysThatTheFolderIsMissing() throws {
        let address = try ListenAddress("unix:\(folder.path)/none/a.sock")
        let expected = HTTPServerError.cannotListen(address: "\(address)", errno: ENOENT)
        #expect(throws: expected) { try server([address]).start() }
    }

    @Test func removesItsFileWhenAnotherAddressFails() throws {
        let taken = try TestServer()
        #expect(throws: HTTPServerError.self) {
            try server([try ListenAddress("unix:\(path)"), taken.address]).start()
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func isFoundNoMoreOnceItDrains() throws {
        let gate = Gate()
        let address = try ListenAddress("unix:\(path)")
        let server = try TestServer(handler: gate.handler) { $0.addresses = [address] }
        let client = try server.client()
        try client.send("GET /running HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.awaitEntry()
        server.server.drain()
        server.wait(for: .draining)
        #expect(!FileManager.default.fileExists(atPath: path))
        gate.open()
        #expect(try client.answer().text == "GET /running")
    }
}
