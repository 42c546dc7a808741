import BlobStoreConformance
import Concurrency
import Foundation
import Glibc
import Testing

@testable import Blobs

/// A file system that refuses: each call n times, n growing.
@Suite struct BlobStoreFailureTests {
    /// Which call is refused, with what, and after how many.
    private struct Fault: Sendable {
        let name: String
        let errors: [Int32]
        let install: @Sendable (inout FileCalls, _ refuse: @escaping @Sendable () -> Int?) -> Void

        static let all: [Fault] = [
            Fault(name: "create", errors: [ENOSPC, EDQUOT, EMFILE, EACCES]) { calls, refuse in
                let real = calls.create
                calls.create = { refuse() ?? real($0) }
            },
            Fault(name: "write", errors: [ENOSPC, EDQUOT, EIO]) { calls, refuse in
                let real = calls.write
                // Two bytes at a time, so that a file is torn in its middle.
                calls.write = { refuse() ?? real($0, $1.prefix(2)) }
            },
            Fault(name: "synchronize", errors: [ENOSPC, EIO]) { calls, refuse in
                let real = calls.synchronize
                calls.synchronize = { refuse() ?? real($0) }
            },
            Fault(name: "rename", errors: [ENOSPC, EIO]) { calls, refuse in
                let real = calls.rename
                calls.rename = { refuse() ?? real($0, $1) }
            },
            Fault(name: "makeDirectory", errors: [ENOSPC, EACCES]) { calls, refuse in
                let real = calls.makeDirectory
                calls.makeDirectory = { refuse() ?? real($0) }
            },
        ]
    }

    /// A store whose file system refuses one call once the first `skipped` have passed and the switch is on.
    private func withFaultyStore(
        _ fault: Fault, _ error: Int32, skipping skipped: Int,
        _ body: (DirectoryBlobStore, _ path: String, _ isOn: Guarded<Bool>) throws -> Void
    ) throws {
        try withTemporaryDirectory { path in
            let (isOn, count) = (Guarded(false), Guarded(0))
            var calls = FileCalls.kernel
            fault.install(&calls) {
                guard isOn.withLock({ $0 }) else { return nil }
                return count.withLock { count in
                    count += 1
                    return count > skipped ? -Int(error) : nil
                }
            }
            let store = try DirectoryBlobStore(
                directory: path, limits: BlobLimits(maximumBytes: 100), calls: calls, now: { Date() })
            try body(store, path, isOn)
        }
    }

    private func remaining(in path: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        return names.filter { Digest(hex: ($0 as NSString).lastPathComponent) != nil || $0.hasPrefix("incoming/") }
    }

    @Test func nothingHalfWrittenRemains() throws {
        for fault in Fault.all {
            for error in fault.errors {
                for skipped in 0..<6 {
                    try withFaultyStore(fault, error, skipping: skipped) { store, path, isOn in
                        isOn.withLock { $0 = true }
                        let content = bytes(9, seed: 7)
                        let what = Comment(rawValue: "\(fault.name) \(error) after \(skipped)")
                        do {
                            let digest = try store.put(content).digest
                            isOn.withLock { $0 = false }
                            #expect(try store.get(digest) == content, what)
                        } catch {
                            #expect(isFull(error) == (errno(of: error) == nil), what)
                            isOn.withLock { $0 = false }
                            let whole = try store.get(.sha256(of: content))
                            #expect(try remaining(in: path).count == (whole == nil ? 0 : 1), what)
                            #expect(whole == nil || whole == content, what)
                        }
                        // What was kept free for the failed one is free again.
                        #expect(throws: Never.self, what) { try store.put(bytes(100, seed: 1)) }
                    }
                }
            }
        }
    }

    @Test(arguments: [ENOSPC, EDQUOT]) func aFullMediumIsAnErrorOfItsOwn(error: Int32) throws {
        try withFaultyStore(Fault.all[1], error, skipping: 1) { store, path, isOn in
            isOn.withLock { $0 = true }
            #expect(throws: BlobError.noSpace) { try store.put([1, 2, 3, 4]) }
            let remaining = try remaining(in: path)
            #expect(remaining == [])
            #expect(store.total() == BlobTotal())
        }
    }

    @Test func interruptedCallsAreMadeAgain() throws {
        for name in ["write", "synchronize"] {
            try withTemporaryDirectory { path in
                var calls = FileCalls.kernel
                let count = Guarded(0)
                let fault = try #require(Fault.all.first { $0.name == name })
                fault.install(&calls) {
                    count.withLock { count in
                        count += 1
                        return count % 2 == 1 ? -Int(EINTR) : nil
                    }
                }
                let store = try DirectoryBlobStore(
                    directory: path, limits: BlobLimits(), calls: calls, now: { Date() })
                let digest = try store.put([1, 2, 3, 4, 5]).digest
                #expect(try store.get(digest) == [1, 2, 3, 4, 5])
            }
        }
    }

    @Test func aFileThatCannotBeReadIsAnError() throws {
        try withTemporaryDirectory { path in
            var calls = FileCalls.kernel
            calls.contents = { _ in (-Int(EIO), []) }
            let store = try DirectoryBlobStore(directory: path, limits: BlobLimits(), calls: calls, now: { Date() })
            let digest = try store.put([1]).digest
            #expect(throws: BlobError.self) { try store.get(digest) }
            #expect(try store.contains(digest))
        }
    }

    @Test func nothingGoesWhereItIsNotKnownWhoKeepsWhat() throws {
        try withTemporaryDirectory { path in
            var calls = FileCalls.kernel
            let clock = TestClock()
            calls.names = { $0.hasSuffix("/kept") ? (-Int(EIO), []) : FileCalls.kernel.names($0) }
            let limits = BlobLimits(maximumBytes: 10, maximumAge: 10)
            let digest = try DirectoryBlobStore(directory: path, limits: limits, now: { clock.now }).put([1]).digest
            #expect(throws: BlobError.self) {
                try DirectoryBlobStore(directory: path, limits: limits, calls: calls, now: { clock.now })
            }
            let isBroken = Guarded(false)
            let broken = calls.names
            calls.names = { isBroken.withLock { $0 } ? broken($0) : FileCalls.kernel.names($0) }
            let store = try DirectoryBlobStore(directory: path, limits: limits, calls: calls, now: { clock.now })
            isBroken.withLock { $0 = true }
            #expect(throws: BlobError.self) { try store.put(bytes(10, seed: 1)) }
            clock.advance(seconds: 11)
            #expect(throws: BlobError.self) { try store.get(digest) }
            #expect(throws: BlobError.self) { try store.prune(now: clock.now) }
            #expect(try remaining(in: path).count == 1)
        }
    }

    @Test func saysWhatWasRefused() {
        #expect(
            "\(BlobError.full(byteCount: 5, maximum: 4))"
                == "5 bytes do not fit into the store's 4 beside what is kept")
        #expect("\(BlobError.noSpace)" == "the medium of the store is full")
        let failed = BlobError.failed(operation: "write", path: "a/b", code: EIO)
        let refused = BlobError.refused(operation: "keep bytes", reason: "the server is away")
        #expect("\(refused)" == "cannot keep bytes: the server is away")
        #expect("\(failed)" == "cannot write 'a/b': Input/output error")
    }

    private func isFull(_ error: any Error) -> Bool { error as? BlobError == .noSpace }

    private func errno(of error: any Error) -> Int32? {
        if case BlobError.failed(_, _, let code)? = error as? BlobError { return code }
        return nil
    }
}
