import HTTP
import HTTPTypes
import TestSupport
import Testing

/// What holds for a connection whatever its client, its server and its clock do.
struct ConnectionInvariantTests {
    private static let pieces = [
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n", "nonsense\r\n", "\r\n", "\0", "G", "hello",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
    ]

    private final class Silence: BodySource {
        func next() -> BodyPiece? { nil }
        func start(_ isReady: @escaping @Sendable () -> Void) {}
        func stop() {}
    }

    private static let stream = StreamedBody(Silence(), idleBytes: [7], idleInterval: 15_000_000_000)

    /// What was asked for, counted.
    private struct Tally {
        var waits = false
        var handled = 0
        var cancelled = 0
        var answered = 0
        var closed = 0
        var shutDown = 0
    }

    private func run(_ connection: inout ConnectionState, _ tally: inout Tally, at now: UInt64) {
        while let action = connection.nextAction(at: now) {
            #expect(tally.closed == 0, "an action after close")
            switch action {
            case .inspect, .refuse:
                tally.waits = true
                let view = ConnectionView(connection)
                #expect(!view.wantsToRead || view.isClosed)
            case .handle(let request):
                #expect(request.sequence == ConnectionView(connection).sequence)
                tally.waits = true
                tally.handled += 1
            case .more: #expect(ConnectionView(connection).isStreaming, "more of a body that has ended")
            case .cancel:
                tally.waits = false
                tally.cancelled += 1
            case .shutdownWrite:
                #expect(!ConnectionView(connection).hasOutput)
                tally.shutDown += 1
            case .close: tally.closed += 1
            }
        }
        let view = ConnectionView(connection)
        #expect(view.isClosed == (tally.closed == 1))
        #expect((view.deadline == nil) == view.isClosed)
        #expect(tally.closed <= 1 && tally.shutDown <= 1)
    }

    private func step(
        _ connection: inout ConnectionState, _ tally: inout Tally, _ generator: inout SplitMix64, at now: inout UInt64
    ) {
        switch Int.random(in: 0..<16, using: &generator) {
        case 0..<6:
            guard connection.wantsToRead else { return }
            connection.receive(Array((Self.pieces.randomElement(using: &generator) ?? "").utf8).span, at: now)
        case 6..<9:
            var response = Response(
                status: .ok, body: [UInt8](repeating: 1, count: Int.random(in: 0...9, using: &generator)))
            response.closesConnection = Bool.random(using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 { response.stream = Self.stream }
            let late = Bool.random(using: &generator) ? 0 : UInt64.random(in: 0...1, using: &generator)
            if connection.respond(response, to: connection.sequence &- late, date: "D", at: now) {
                #expect(tally.waits, "an answer to nothing was taken")
                tally.waits = false
                tally.answered += 1
            }
        case 9, 10: connection.acceptBody(at: now)
        case 11, 12:
            guard connection.hasOutput else { return }
            let count = connection.withOutput { $0.count }
            connection.wrote(Int.random(in: 0...count, using: &generator), at: now)
        case 13:
            now += UInt64.random(in: 0...40_000_000_000, using: &generator)
            connection.passDeadline(at: now)
        case 14: if Int.random(in: 0..<8, using: &generator) == 0 { connection.receiveEndOfStream(at: now) }
        default:
            switch Int.random(in: 0..<60, using: &generator) {
            case 0: connection.lose()
            case 1: connection.drain(at: now)
            case 2..<20: connection.stream([1, 2, 3], at: now)
            case 20..<30: connection.endStream(at: now)
            case 30..<40: connection.sendInterim(at: now)
            default: break
            }
        }
    }

    @Test(arguments: 0..<20) func holdWhateverHappens(_ seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<200 {
            var now: UInt64 = 0
            var connection = ConnectionState(peer: "192.0.2.1", at: now)
            var tally = Tally()
            for _ in 0..<60 {
                step(&connection, &tally, &generator, at: &now)
                run(&connection, &tally, at: now)
                let view = ConnectionView(connection)
                #expect(view.outputByteCount < 1000 && view.bufferedByteCount < 10_000)
            }
            let sequence = Int(connection.sequence)
            #expect(tally.cancelled <= tally.handled && tally.answered <= sequence)
            // Nobody does anything any more: the deadlines end it, after a refusal and a drain at most.
            for _ in 0..<4 {
                now += 1_000_000_000_000
                connection.passDeadline(at: now)
                run(&connection, &tally, at: now)
            }
            #expect(tally.closed == 1)
        }
    }
}
