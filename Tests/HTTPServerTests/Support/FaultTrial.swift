import Concurrency
import Foundation
import Glibc
import HTTP
import HTTPTypes
import Logging
import TestClients
import Testing

@testable import HTTPServer

/// A server on a kernel that fails, and clients that use all of it.
struct FaultTrial {
    /// An error that a system call can really report.
    struct Fault: CustomTestStringConvertible, Sendable {
        var call: Faults.Call
        var errno: Int32
        var testDescription: String { "\(call) \(errno)" }
    }

    /// Every call of `Syscalls` that can fail, with the errors of its manual page.
    static let faults: [Fault] = [
        (.listen, [EMFILE, ENFILE, ENOBUFS, ENOMEM]), (.boundPort, [ENOBUFS]), (.unlink, [ENOMEM, ENOSPC]),
        (.accept, [EINTR, EAGAIN, EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED]),
        (.receive, [EINTR, EAGAIN, ENOBUFS, ENOMEM, ECONNRESET]),
        (.send, [EINTR, EAGAIN, ENOBUFS, ENOMEM, EPIPE, ECONNRESET]),
        (.shutdownWrite, [ENOBUFS, ECONNRESET, ENOTCONN]), (.close, [EINTR, ENOSPC]),
        (.createPoll, [EMFILE, ENFILE, ENOMEM]), (.controlPoll, [ENOMEM, ENOSPC]), (.waitPoll, [EINTR]),
        (.createCounter, [EMFILE, ENFILE, ENOMEM]), (.signalCounter, [EINTR, EAGAIN]),
        (.clearCounter, [EINTR, EAGAIN]), (.descriptorLimit, [EINVAL]),
    ].flatMap { (call: Faults.Call, numbers: [Int32]) in numbers.map { Fault(call: call, errno: $0) } }

    /// What came of a run.
    enum Outcome: Equatable {
        case served
        /// The server did not start, and said why.
        case reported
    }

    private let folder: TemporaryFolder
    private let identity: Identity
    private let tls: TLSConfiguration

    init() throws {
        folder = try TemporaryFolder()
        identity = try Identity("localhost")
        tls = TLSConfiguration(
            certificateFile: try folder.write(identity.certificate, to: "certificate.pem"),
            keyFile: try folder.write(identity.key, to: "key.pem"))
    }

    /// Starts a server, has clients use it, and stops it.
    ///
    /// Each step ends with an answer or a closed connection, or throws; a client that meets only faults of its own is
    /// followed by another.
    func run(_ faults: Faults) throws -> Outcome {
        let server = server(faults.syscalls)
        let addresses: [ListenAddress]
        do {
            addresses = try server.start()
        } catch {
            #expect(faults.openDescriptors == 0)
            return .reported
        }
        for address in addresses {
            var tries = 0
            while try !(address.isTLS ? servesTLS(address) : serves(address)) {
                tries += 1
                try #require(tries < 20, "no client is served any more")
            }
        }
        server.drain(within: .seconds(5))
        server.waitUntilStopped()
        #expect(server.failure == nil)
        // The mailbox's counter lives as long as the server.
        #expect(faults.openDescriptors == 1)
        #expect(server.statistics.connections == 0)
        return .served
    }

    private func server(_ syscalls: Syscalls) -> Server {
        var configuration = ServerConfiguration()
        configuration.addresses = [
            ListenAddress(host: "127.0.0.1", port: 0, isIPv6: false),
            ListenAddress(.unix(path: folder.path + "/a.sock")),
            ListenAddress(.tcp(host: "127.0.0.1", port: 0, isIPv6: false), isTLS: true),
        ]
        configuration.tls = tls
        configuration.handlerCount = 1
        configuration.lingerTimeout = .milliseconds(50)
        var handler = TestHandler()
        handler.respond = { request, _ in Response(status: .ok, body: request.body) }
        return Server(
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: MonotonicTime(), handler: handler, syscalls: syscalls, observe: nil)
    }

    /// Whether a client got all its answers: to a request with a body, to a second one, and to nonsense.
    private func serves(_ address: ListenAddress) throws -> Bool {
        do {
            let client = try Client(to: address)
            let body = [UInt8](repeating: 7, count: 50_000)
            try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            try #require(client.answer().body == body)
            try client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            try #require(client.answer().status == 200)
            try client.send("nonsense\r\n\r\n")
            try #require(client.answer().status == 400)
            return try client.reachesEnd()
        } catch ClientError.endOfStream {
            return false
        } catch ClientError.system(_, ECONNRESET), ClientError.system(_, EPIPE) {
            return false
        }
    }

    /// Whether a client got its answers over TLS.
    private func servesTLS(_ address: ListenAddress) throws -> Bool {
        do {
            let client = try TLSClient(to: address, TLSClient.Options(authority: identity))
            let body = [UInt8](repeating: 7, count: 50_000)
            try client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            try #require(client.answer().body == body)
            try client.send("GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try #require(client.answer().status == 200)
            return try client.reachesEnd()
        } catch is TLSFailure {
            return false
        } catch ClientError.endOfStream {
            return false
        }
    }
}
