internal import Concurrency
internal import Dispatch
internal import Logging

/// One line a request, written on a queue of its own: a log that blocks (a full pipe) does not hold up the I/O thread.
///
/// At most `capacity` lines wait; more are lost and counted.
final class AccessLog: Sendable {
    /// What a line says.
    struct Entry: Equatable, Sendable {
        /// `-` where the request was too broken to have one.
        var method = "-"
        /// Without the query, which may hold a signature.
        var path = "-"
        /// 499 where the client went away before there was an answer, as in nginx.
        var status: Int
        /// Bytes of the answer, head included, that the kernel took.
        var bytes: Int
        /// From the first byte of the request to the last of the answer.
        var milliseconds: Double
        var peer: String
        /// Who asked, where the handler knows a name.
        var client: String?
        var requestID: String
    }

    private struct State {
        var waiting = 0
        var lost = 0
    }

    private let logger: Logger
    private let capacity: Int
    private let queue = DispatchQueue(label: "switchback.access-log")
    private let state = Guarded(State())

    init(logger: Logger, capacity: Int = 10_000) {
        self.logger = logger
        self.capacity = capacity
    }

    /// How many lines were lost.
    var lostCount: Int { state.withLock(\.lost) }

    /// Writes a line for each entry, later.
    func record(_ entries: [Entry]) {
        let taken: Int = state.withLock { state in
            let taken = min(entries.count, capacity - state.waiting)
            state.waiting += taken
            state.lost += entries.count - taken
            return taken
        }
        guard taken > 0 else { return }
        queue.async { @Sendable in
            for entry in entries.prefix(taken) { self.write(entry) }
            self.state.withLock { $0.waiting -= taken }
        }
    }

    /// Returns when every line recorded before has been written, or when it takes too long: false.
    @discardableResult
    func flush(within timeout: Timeout) -> Bool {
        let written = DispatchSemaphore(value: 0)
        queue.async { @Sendable in written.signal() }
        return written.wait(timeout: .now() + timeout.seconds) == .success
    }

    private func write(_ entry: Entry) {
        let milliseconds = (entry.milliseconds * 1000).rounded() / 1000
        var metadata: Logger.Metadata = [
            "method": "\(entry.method)", "path": "\(entry.path)", "status": .stringConvertible(entry.status),
            "bytes": .stringConvertible(entry.bytes), "ms": .stringConvertible(milliseconds),
            "peer": "\(entry.peer)", "request_id": "\(entry.requestID)",
        ]
        if let client = entry.client { metadata["client"] = "\(client)" }
        logger.info("\(entry.method) \(entry.path) \(entry.status)", metadata: metadata)
    }
}
