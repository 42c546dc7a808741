import Concurrency
import Dispatch
import Foundation
import HTTPServer
import TestClients

/// Clients of one service that each ask over a connection of long standing and over new ones, in turn, until told to
/// stop.
///
/// The certificates of the service are named by numbers that grow.
final class TLSLoad: Sendable {
    private struct State {
        var failures: [String] = []
        var answered = 0
        var isOver = false
        /// The least number that a connection which begins now may see.
        var expected = 0
    }

    private let state = Guarded(State())
    private let changed = Condition()
    private let ended = DispatchGroup()

    init(to address: ListenAddress, authority: Identity, clients: Int) {
        for index in 0..<clients {
            ended.enter()
            let thread = Thread { @Sendable [self] in
                defer { ended.leave() }
                do {
                    try run(address, TLSClient.Options(authority: authority))
                } catch {
                    fail("client \(index): \(error)")
                }
            }
            thread.start()
        }
    }

    private func run(_ address: ListenAddress, _ options: TLSClient.Options) throws {
        let lasting = try TLSClient(to: address, options)
        let name = lasting.serverName
        while !state.withLock(\.isOver) {
            let expected = state.withLock(\.expected)
            let new = try TLSClient(to: address, options)
            if let seen = Int(new.serverName), seen < expected { fail("certificate \(seen) after \(expected)") }
            for client in [new, lasting, lasting, new] {
                let status = try client.get("/healthz").status
                if status != 200 { fail("status \(status)") }
                state.withLock { $0.answered += 1 }
                changed.notifyAll()
            }
            new.end()
            if lasting.serverName != name { fail("a connection changed its certificate") }
        }
    }

    private func fail(_ words: String) {
        state.withLock { $0.failures.append(words) }
        changed.notifyAll()
    }

    /// Returns when so many more requests have been answered, or one has failed.
    func awaitAnswers(_ count: Int) {
        let target = state.withLock(\.answered) + count
        _ = state.wait(for: changed) { $0.answered >= target || !$0.failures.isEmpty ? true : nil }
    }

    /// Connections that begin from now on must see the certificate of that number or a later one.
    func expectCertificate(_ number: Int) { state.withLock { $0.expected = number } }

    /// Ends the load: what went wrong.
    func stop() -> [String] {
        state.withLock { $0.isOver = true }
        ended.wait()
        return state.withLock(\.failures)
    }
}
