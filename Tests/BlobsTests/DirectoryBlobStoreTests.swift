import BlobStoreConformance
import Foundation
import Testing

@testable import Blobs

/// What a store in a directory does beside what every store does.
@Suite struct DirectoryBlobStoreTests {
    private let clock = TestClock()

    private func open(_ path: String, _ limits: BlobLimits = BlobLimits()) throws -> DirectoryBlobStore {
        try DirectoryBlobStore(directory: path, limits: limits, now: { [clock] in clock.now })
    }

    private func file(_ digest: Digest, in path: String) -> String {
        "\(path)/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2).prefix(2))/\(digest.hex)"
    }

    private func files(in path: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return found.filter { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }
    }

    @Test func keepsFilesUnderTheirDigestForTheirOwnerAlone() throws {
        try withTemporaryDirectory { path in
            let digest = try open(path).put([1, 2, 3]).digest
            let file = file(digest, in: path)
            #expect(files(in: path) == [String(file.dropFirst(path.count + 1))])
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let folder = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(folder == 0o700)
        }
    }

    @Test func keepsToASmallerQuotaAfterARestart() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            try store.put(bytes(300, seed: 1))
            clock.advance(seconds: 1)
            let last = try store.put(bytes(300, seed: 2)).digest
            let smaller = try open(path, BlobLimits(maximumBytes: 400))
            #expect(smaller.total().bytes == 300)
            #expect(try smaller.contains(last))
            #expect(files(in: path).count == 1)
        }
    }

    @Test func removesADamagedBlobAndReportsItAbsent() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            for damage in [Data([9, 9, 9]), Data(), Data([1, 2, 3, 4])] {
                let digest = try store.put([1, 2, 3]).digest
                try damage.write(to: URL(fileURLWithPath: file(digest, in: path)))
                #expect(try store.get(digest) == nil)
                #expect(try !store.contains(digest))
                #expect(files(in: path) == [])
                #expect(store.total() == BlobTotal())
            }
        }
    }

    @Test func mendsADamagedBlobThatIsPutAgain() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            let digest = try store.put([1, 2, 3]).digest
            try Data([9]).write(to: URL(fileURLWithPath: file(digest, in: path)))
            #expect(try store.put([1, 2, 3]).isNew)
            #expect(try store.get(digest) == [1, 2, 3])
            #expect(store.total() == BlobTotal(count: 1, bytes: 3))
        }
    }

    @Test func noticesABlobThatSomebodyRemoved() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            let digest = try store.put([1, 2, 3]).digest
            try FileManager.default.removeItem(atPath: file(digest, in: path))
            #expect(try store.get(digest) == nil)
            #expect(store.total() == BlobTotal())
            #expect(try store.put([1, 2, 3]).isNew)
        }
    }

    @Test func leavesForeignFilesAlone() throws {
        try withTemporaryDirectory { path in
            let digest = try open(path).put([1]).digest
            let folder = (file(digest, in: path) as NSString).deletingLastPathComponent
            let elsewhere = file(Digest.sha256(of: [7]), in: path)
            for foreign in [path + "/README", path + "/ab", folder + "/note", folder + "/\(Digest.sha256(of: [2]))"] {
                try Data("foreign".utf8).write(to: URL(fileURLWithPath: foreign))
            }
            try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
            let store = try open(path)
            #expect(store.total() == BlobTotal(count: 1, bytes: 1))
            #expect(try store.get(Digest.sha256(of: [7])) == nil)
            #expect(throws: BlobError.self) { try store.put([7]) }
            #expect(files(in: path).count == 5)
        }
    }

    @Test func doesNotFollowALinkUnderADigest() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            let digest = try store.put([1]).digest
            let file = file(digest, in: path)
            try FileManager.default.moveItem(atPath: file, toPath: path + "/moved")
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: path + "/moved")
            #expect(try store.get(digest) == nil)
        }
    }

    @Test func removesTornFilesAnHourOld() throws {
        try withTemporaryDirectory { path in
            let store = try open(path)
            let torn = path + "/incoming/torn"
            try Data([1]).write(to: URL(fileURLWithPath: torn))
            try FileManager.default.setAttributes([.modificationDate: clock.now], ofItemAtPath: torn)
            try store.prune(now: clock.now)
            #expect(files(in: path) == ["incoming/torn"])
            clock.advance(seconds: 3601)
            _ = try open(path)
            #expect(files(in: path) == [])
        }
    }

    @Test func whoKeepsWhatIsAnEmptyFile() throws {
        try withTemporaryDirectory { path in
            let store = try open(path, BlobLimits(maximumAge: 10))
            let owner = try #require(BlobOwner("set"))
            let digest = try store.put([1], for: owner).digest
            #expect(files(in: path).contains("kept/set/\(digest)"))
            for foreign in ["kept/a file", "kept/set/a file"] {
                try Data("foreign".utf8).write(to: URL(fileURLWithPath: path + "/" + foreign))
            }
            clock.advance(seconds: 11)
            #expect(try store.prune(now: clock.now) == BlobTotal())
            #expect(try store.owners() == [owner])
            try store.letGo(owner)
            #expect(files(in: path).filter { $0.hasPrefix("kept/") } == ["kept/a file"])
            #expect(try store.prune(now: clock.now) == BlobTotal(count: 1, bytes: 1))
        }
    }

    @Test func refusesADirectoryThatCannotBeMade() throws {
        try withTemporaryDirectory { path in
            let parent = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: path))
            #expect {
                try open(path)
            } throws: { error in
                "\(error)".contains("make the directory '\(path)/incoming'") && "\(error)".contains("Not a directory")
            }
        }
    }

    @Test func prunesTimeAndAgain() throws {
        let store = MemoryBlobStore(limits: BlobLimits(maximumAge: 10), now: { [clock] in clock.now })
        try store.put([1])
        clock.advance(seconds: 11)
        BlobPruning.run(store, now: clock.now)
        #expect(store.total().count == 0)
        _ = BlobPruning(store)
    }
}
