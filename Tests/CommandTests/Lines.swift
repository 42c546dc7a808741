import Concurrency

/// Lines that a log has written.
final class Lines: Sendable {
    private let lines = Guarded<[String]>([])

    var text: [String] { lines.withLock { $0 } }

    func append(_ bytes: [UInt8]) {
        lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
    }
}
