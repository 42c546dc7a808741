import BlobStoreConformance
import Blobs
import Foundation
import Testing

/// The facts about every blob store, of the two that need no database.
@Suite struct BlobStoreConformanceTests {
    @Test(arguments: BlobStoreFact.all)
    func theStoreInMemoryConforms(_ fact: BlobStoreFact) throws {
        try fact.check { limits, now in MemoryBlobStore(limits: limits, now: now) }
    }

    @Test(arguments: BlobStoreFact.all + BlobStoreFact.durable)
    func theStoreInADirectoryConforms(_ fact: BlobStoreFact) throws {
        try withTemporaryDirectory { path in
            try fact.check { limits, now in try DirectoryBlobStore(directory: path, limits: limits, now: now) }
        }
    }

    @Test func ownersHaveNamesThatAreNamesOfFolders() {
        for name in ["", ".", "..", "a/b", "a b", "ä", String(repeating: "a", count: 129)] {
            #expect(BlobOwner(name) == nil)
        }
        #expect(BlobOwner("data-set_9")?.description == "data-set_9")
    }
}

/// What `body` gives for the path of a directory, not there yet, that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path + "/blobs")
}
