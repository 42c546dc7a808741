import BlobStoreConformance
import Concurrency
import Dispatch
import Foundation
import Glibc
import Testing

@testable import Blobs

/// Two processes on one directory, at the same moment.
@Suite struct SharedDirectoryTests {
    private let clock = TestClock()
    private let owner: BlobOwner

    init() throws { owner = try #require(BlobOwner("set")) }

    private func open(_ path: String, _ calls: FileCalls = .kernel) throws -> DirectoryBlobStore {
        try DirectoryBlobStore(
            directory: path, limits: BlobLimits(maximumBytes: 1000, maximumAge: 100), calls: calls,
            now: { [clock] in clock.now })
    }

    /// Between another's look at the owners and its removal somebody keeps the blob: it stays, or that one is told.
    @Test(arguments: [true, false])
    func whoKeepsABlobHasItOrIsTold(isPruning: Bool) throws {
        try withTemporaryDirectory { path in
            let (ended, asking) = (DispatchGroup(), DispatchSemaphore(value: 0))
            let keeper = Guarded<DirectoryBlobStore?>(nil)
            let told = Guarded<Bool?>(nil)
            let digest = Digest.sha256(of: bytes(600, seed: 1))
            var calls = FileCalls.kernel
            let unlink = calls.unlink
            calls.unlink = { name in
                if name.hasSuffix(digest.hex), let keeper = keeper.withLock({ $0 }) {
                    DispatchQueue.global().async(group: ended) { [owner] in
                        let isKept = try? keeper.keep(digest, for: owner)
                        told.withLock { $0 = isKept }
                        asking.signal()
                    }
                    asking.wait()
                }
                return unlink(name)
            }
            var locking = FileCalls.kernel
            let lock = locking.lock
            locking.lock = { descriptor, isExclusive in
                if keeper.withLock({ $0 != nil }) { asking.signal() }
                return lock(descriptor, isExclusive)
            }
            let pruner = try open(path, calls)
            try pruner.put(bytes(600, seed: 1))
            let other = try open(path, locking)
            #expect(try other.contains(digest))
            keeper.withLock { $0 = other }
            if isPruning {
                try pruner.prune(now: clock.now + 101)
            } else {
                try pruner.put(bytes(600, seed: 2))
            }
            ended.wait()
            keeper.withLock { $0 = nil }
            #expect(try told.withLock { $0 } == false && !open(path).contains(digest))
        }
    }

    /// A data set has as many entries there as images, and is asked for with every request about it.
    @Test func tellsItsOwnersWithoutALookAtWhatTheyKeep() throws {
        try withTemporaryDirectory { path in
            let listed = Guarded<[String]>([])
            var calls = FileCalls.kernel
            let names = calls.names
            calls.names = { name in
                listed.withLock { $0.append(name) }
                return names(name)
            }
            let store = try open(path, calls)
            try store.put([1, 2, 3], for: owner)
            listed.withLock { $0.removeAll() }
            #expect(try store.owners() == [owner])
            #expect(listed.withLock { $0 } == [path + "/kept"])
        }
    }

    @Test func aFileSystemWithoutLocksDoes() throws {
        try withTemporaryDirectory { path in
            var calls = FileCalls.kernel
            calls.lock = { _, _ in -Int(ENOLCK) }
            let store = try open(path, calls)
            let digest = try store.put([1, 2, 3], for: owner).digest
            clock.advance(seconds: 101)
            #expect(try store.prune(now: clock.now).count == 0 && store.contains(digest))
            calls.lock = { _, _ in -Int(EIO) }
            #expect(throws: BlobError.self) { try open(path, calls) }
        }
    }

    @Test func aLockThatIsInterruptedIsAskedForAgain() throws {
        try withTemporaryDirectory { path in
            let count = Guarded(0)
            var calls = FileCalls.kernel
            calls.lock = { _, _ in
                count.withLock { count in
                    count += 1
                    return count % 3 == 0 ? 0 : -Int(EINTR)
                }
            }
            _ = try open(path, calls)
            #expect(count.withLock { $0 } % 3 == 0)
        }
    }
}
