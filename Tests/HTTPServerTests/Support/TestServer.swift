import Concurrency
import HTTP
import HTTPTypes
import Logging
import TestClients
import TestLogs
import Testing

@testable import HTTPServer

/// A server on a free port of 127.0.0.1, whose events and log lines a test can wait for.
final class TestServer: Sendable {
    let server: Server
    let addresses: [ListenAddress]
    /// The first of them.
    var address: ListenAddress { addresses[0] }
    let events = Recorder<ServerEvent>()
    let log = Recorder<LogLine>()
    let time: ManualTime

    /// A started server.
    init(
        handler: TestHandler = TestHandler(), syscalls: Syscalls = .kernel, host: String = "127.0.0.1",
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress("\(host):0")]
        configuration.handlerCount = 2
        configure(&configuration)
        time = ManualTime()
        let (events, log) = (events, log)
        server = Server(
            configuration: configuration, logger: log.logger, time: time,
            handler: handler, syscalls: syscalls, observe: { events.append($0) })
        addresses = try server.start()
    }

    deinit {
        server.drain(within: Timeout(nanoseconds: 0))
        server.waitUntilStopped()
    }

    func client(receiveBytes: Int32? = nil) throws -> Client {
        try Client(to: address, receiveBytes: receiveBytes)
    }

    /// Moves the clock, and returns when the server has done what was due.
    func advance(by timeout: Timeout) {
        time.advance(by: timeout)
        turn()
    }

    /// Returns when the server has done everything it was told before.
    func turn() {
        let before = events.values.count
        server.wake()
        #expect(events.wait { $0.dropFirst(before).drop { $0 != .woken }.contains(.turned) })
    }

    /// Returns when the event has been told `count` times.
    func wait(for event: ServerEvent, count: Int = 1) {
        #expect(events.wait { $0.filter { $0 == event }.count >= count }, "\(event) did not happen")
    }

    /// The access log's lines, once there are `count`.
    func accessLines(_ count: Int) -> [[String: String]] {
        func lines(_ all: [LogLine]) -> [LogLine] { all.filter { $0.metadata["status"] != nil } }
        #expect(log.wait { lines($0).count >= count })
        return lines(log.values).map(\.metadata)
    }
}

/// Answers as the test says.
struct TestHandler: RequestHandler {
    var respond: @Sendable (Request, RequestContext) -> Response = { request, _ in
        Response(status: .ok, contentType: "text/plain", text: "\(request.method) \(request.target.path)")
    }
    var refusal: @Sendable (RequestHead) -> Response? = { _ in nil }
    var immediate: @Sendable (Request) -> Response? = { _ in nil }
    var client: @Sendable (RequestHead) -> String? = { _ in nil }
    var finished: @Sendable (RequestSummary) -> Void = { _ in }

    func respond(to request: Request, context: RequestContext) -> Response { respond(request, context) }
    func refusal(of head: RequestHead, requestID: String) -> Response? { refusal(head) }
    func isUrgent(_ head: RequestHead) -> Bool { head.target.path == "/healthz" }
    func immediateResponse(to request: Request, context: RequestContext) -> Response? { immediate(request) }
    func client(of head: RequestHead) -> String? { client(head) }
    func finished(_ request: RequestSummary) { finished(request) }
}

/// What has happened so far, in order, and a way to wait for more.
final class Recorder<Value: Sendable>: Sendable {
    private let state = Guarded<[Value]>([])
    private let changed = Condition()

    /// A copy in storage of its own: the thread sanitizer does not see that shared storage is left before it is written.
    var values: [Value] { state.withLock { $0.map { $0 } } }

    func append(_ value: Value) {
        state.withLock { $0.append(value) }
        changed.notifyAll()
    }

    /// Whether the predicate comes true within 20 s.
    func wait(_ predicate: ([Value]) -> Bool) -> Bool {
        let limit = MonotonicTime().now + .seconds(20)
        return state.wait(for: changed, until: limit) { predicate($0) ? true : nil } ?? false
    }
}

struct LogLine: Sendable {
    var level: Logger.Level
    var message: String
    var metadata: [String: String]
}

extension TestHandler {
    /// Answers with so many bytes that each hold the number of the answer, counted from 1.
    static func numbering(_ answered: Guarded<Int>, bytes: Int) -> TestHandler {
        var handler = TestHandler()
        handler.respond = { _, _ in
            let number = answered.withLock { count in
                count += 1
                return count
            }
            return Response(status: .ok, body: [UInt8](repeating: UInt8(number), count: bytes))
        }
        return handler
    }
}

extension Recorder<LogLine> {
    /// A logger whose events are recorded.
    fileprivate var logger: Logger {
        ObservedLog.logger { level, message, metadata in
            self.append(LogLine(level: level, message: message, metadata: metadata.mapValues { "\($0)" }))
        }
    }
}
