import Blobs
import Concurrency
import Foundation

/// The stores that the conformance suite runs against.
enum StoreKind: CaseIterable, Sendable {
    case memory, directory

    /// Runs `body` with an empty store of this kind.
    func withStore(
        _ limits: BlobLimits = BlobLimits(), clock: TestClock = TestClock(), _ body: (any BlobStore) throws -> Void
    ) throws {
        switch self {
        case .memory: try body(MemoryBlobStore(limits: limits, now: { clock.now }))
        case .directory:
            try withTemporaryDirectory { path in
                try body(try DirectoryBlobStore(directory: path, limits: limits, now: { clock.now }))
            }
        }
    }
}

/// A time of day that the test moves.
final class TestClock: Sendable {
    private let time = Guarded(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { time.withLock { $0 } }

    func advance(seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// What `body` gives for the path of a directory, not there yet, that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path + "/blobs")
}

/// So many bytes that no other seed gives.
func bytes(_ count: Int, seed: UInt8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ seed }
}
