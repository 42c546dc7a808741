import Glibc
import Testing

@testable import HTTPServer

@Suite struct TransportTests {
    private let faults = Faults()
    private var transport: PlainTransport { PlainTransport(descriptor: -1, syscalls: faults.syscalls) }

    @Test func tellsTheKindsOfFailureApart() {
        var buffer = [UInt8](repeating: 0, count: 10)
        faults.fail(.receive, with: EAGAIN, times: 1)
        #expect(transport.receive(into: &buffer) == .wantRead)
        faults.fail(.receive, with: ECONNRESET, times: 1)
        #expect(transport.receive(into: &buffer) == .closed(.failed(-Int(ECONNRESET))))
        faults.fail(.receive, with: 0, times: 1)
        #expect(transport.receive(into: &buffer) == .closed(.endOfStream))
        faults.fail(.send, with: EAGAIN, times: 1)
        #expect(transport.send([1, 2].span, more: false) == .wantWrite)
        faults.fail(.send, with: EPIPE, times: 1)
        #expect(transport.send([1, 2].span, more: false) == .closed(.failed(-Int(EPIPE))))
    }

    @Test(arguments: 1...5)
    func callsAgainAfterASignal(times: Int) {
        var buffer = [UInt8](repeating: 0, count: 10)
        faults.fail(.receive, with: EINTR, times: times)
        faults.fail(.receive, with: EAGAIN, times: 1)
        #expect(transport.receive(into: &buffer) == .wantRead)
        faults.fail(.send, with: EINTR, times: times)
        faults.fail(.send, with: EAGAIN, times: 1)
        #expect(transport.send([1].span, more: false) == .wantWrite)
        #expect(faults.count(of: .receive) == times + 1)
        #expect(faults.count(of: .send) == times + 1)
    }
}
