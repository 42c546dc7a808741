import Blobs
import Foundation
import TestSupport
import Testing

@testable import Switchback

/// Data sets that are uploaded: taken, added to, kept across restarts, removed.
struct DatasetUploadTests {
    private let photos: [[UInt8]]

    init() throws {
        photos = [try Fixtures.bytes("images/chelsea.png"), try Fixtures.bytes("images/coffee.png")]
    }

    private func archive(_ files: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
        var tar = TarWriter()
        for (name, bytes) in files { tar.add(name, bytes) }
        return tar.finished()
    }

    private func catalog(_ blobs: any BlobStore, limits: DatasetLimits = DatasetLimits()) throws -> DatasetCatalog {
        try DatasetCatalog(directories: [], limits: limits, uploaded: DatasetStore(blobs: blobs))
    }

    private func memory(_ maximumBytes: Int = 8 << 20) -> MemoryBlobStore {
        MemoryBlobStore(limits: BlobLimits(maximumBytes: maximumBytes))
    }

    @Test func isThereForEverybodyWhoUsesTheStore() throws {
        let blobs = memory()
        let bytes = archive(["tabby/a.png": photos[0], "espresso/b.png": photos[1], "espresso/cut.png": [1, 2]])
        let (set, isNew) = try catalog(blobs).upload(bytes, as: "photos", adding: false)
        #expect(isNew && set.images.count == 2 && set.broken.map(\.name) == ["espresso/cut.png"])
        let other = try catalog(blobs)
        #expect(try other.datasets() == [set])
        let open = try other.dataset(named: "photos")
        #expect(try open.bytes(of: set.images[0]) == photos[1])
        #expect(try other.open(set).bytes(of: set.images[1]) == photos[0])
        #expect(try catalog(blobs).upload(bytes, as: "photos", adding: false).isNew == false)
    }

    @Test func survivesARestart() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try catalog(DirectoryBlobStore(directory: path))
            .upload(archive(["x/a.png": photos[0]]), as: "one", adding: false).dataset
        let again = try catalog(DirectoryBlobStore(directory: path))
        #expect(try again.datasets() == [set])
        try again.remove("one")
        #expect(try catalog(DirectoryBlobStore(directory: path)).datasets().isEmpty)
    }

    @Test func aJobIsToldWhenItsImagesAreGone() throws {
        let set = try catalog(memory()).upload(archive(["x/a.png": photos[0]]), as: "one", adding: false).dataset
        let elsewhere = try catalog(memory()).open(set)
        #expect {
            try elsewhere.bytes(of: set.images[0])
        } throws: { error in
            if case SwitchbackError.noDataset = error { true } else { false }
        }
    }

    @Test func growsByWhatIsAdded() throws {
        let catalog = try catalog(memory())
        let first = archive(["x/a.png": photos[0], "x/b.png": [1]])
        _ = try catalog.upload(first, as: "set", adding: true)
        let (set, isNew) = try catalog.upload(archive(["x/b.png": photos[1]]), as: "set", adding: true)
        #expect(!isNew && set.images.map(\.name) == ["x/a.png", "x/b.png"] && set.broken.isEmpty)
        #expect(try catalog.datasets() == [set])
        #expect(throws: SwitchbackError.self) {
            try catalog.upload(archive(["x/a.png": photos[1]]), as: "set", adding: true)
        }
        #expect(throws: SwitchbackError.self) { try catalog.upload(first, as: "set", adding: false) }
        #expect(try catalog.datasets() == [set])
    }

    @Test func nothingIsLeftOfWhatDoesNotFit() throws {
        let blobs = memory(photos[0].count + 4000)
        let catalog = try catalog(blobs)
        let small = try catalog.upload(archive(["x/a.png": photos[0]]), as: "small", adding: false).dataset
        do {
            _ = try catalog.upload(archive(["x/b.png": photos[1]]), as: "large", adding: false)
            Issue.record("taken")
        } catch SwitchbackError.noRoom {}
        #expect(try catalog.datasets() == [small])
        #expect(blobs.owners().count == 1)
        #expect(try catalog.dataset(named: "small").bytes(of: small.images[0]) == photos[0])
    }

    @Test func sharesImagesAndKeepsThoseThatOthersHave() throws {
        let catalog = try catalog(memory())
        let bytes = archive(["x/a.png": photos[0]])
        _ = try catalog.upload(bytes, as: "one", adding: false)
        let two = try catalog.upload(bytes, as: "two", adding: false).dataset
        try catalog.remove("one")
        #expect(try catalog.datasets() == [two])
        #expect(try catalog.dataset(named: "two").bytes(of: two.images[0]) == photos[0])
        #expect(throws: SwitchbackError.self) { try catalog.remove("one") }
    }

    @Test(arguments: ["", "a b", "ä", "a/b", "..", String(repeating: "x", count: 49), "x.tar"])
    func refusesNames(name: String) throws {
        let catalog = try catalog(memory())
        #expect(throws: SwitchbackError.self) {
            try catalog.upload(archive(["x/a.png": photos[0]]), as: name, adding: false)
        }
    }

    @Test func keepsToItsLimits() throws {
        let catalog = try catalog(memory(), limits: DatasetLimits(maximumImages: 1, maximumBytes: 300_000))
        do {
            let two = archive(["x/a.png": [1], "x/b.png": [2]])
            _ = try catalog.upload(two, as: "set", adding: false)
            Issue.record("taken")
        } catch SwitchbackError.badDataset {}
        do {
            _ = try catalog.upload(archive(["x/b.png": photos[1] + photos[0]]), as: "set", adding: false)
            Issue.record("taken")
        } catch SwitchbackError.badDataset(let fault, _) {
            #expect(fault == .tooLarge)
        }
    }

    @Test func aServiceWithoutAPlaceTakesNone() {
        #expect(throws: SwitchbackError.self) {
            try DatasetCatalog.empty.upload(archive(["x/a.png": photos[0]]), as: "set", adding: false)
        }
    }
}
