import Blobs
import Concurrency
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

    @Test func oneChangesASetAtATime() throws {
        let store = DatasetStore(blobs: memory())
        let catalog = try DatasetCatalog(directories: [], uploaded: store)
        let bytes = archive(["x/a.png": photos[0]])
        _ = try catalog.upload(bytes, as: "set", adding: false)
        try store.changing("set") {
            #expect { try catalog.upload(bytes, as: "set", adding: true) } throws: { "\($0)".contains("try again") }
            #expect { try catalog.remove("set") } throws: { "\($0)".contains("try again") }
            _ = try catalog.upload(bytes, as: "other", adding: false)
        }
        #expect(try catalog.upload(bytes, as: "set", adding: true).isNew == false)
    }

    @Test func whatASetHasLostComesBackWithIt() throws {
        let blobs = memory()
        let catalog = try catalog(blobs)
        let bytes = archive(["x/a.png": photos[0]])
        let set = try catalog.upload(bytes, as: "set", adding: false).dataset
        blobs.remove(Digest.sha256(of: photos[0]))
        #expect { try catalog.dataset(named: "set").bytes(of: set.images[0]) } throws: { "\($0)".contains("no longer") }
        #expect(try catalog.upload(bytes, as: "set", adding: false).isNew == false)
        #expect(try catalog.dataset(named: "set").bytes(of: set.images[0]) == photos[0])
    }

    /// As if two machines had added to it at once.
    @Test func whatAnotherMachineHasAddedMeanwhileIsNotLost() throws {
        let blobs = memory()
        let (here, there) = (try catalog(blobs), DatasetStore(blobs: blobs))
        let first = try here.upload(archive(["x/a.png": photos[0]]), as: "set", adding: true).dataset
        let both = Dataset(name: "set", images: first.images + [image("x/b.png", photos[1])])
        let other = Dataset(name: "set", images: [image("x/c.png", photos[1])])
        #expect {
            try there.keep(other) { _ in
                _ = try here.upload(archive(["x/b.png": photos[1]]), as: "set", adding: true)
                return photos[1]
            }
        } throws: {
            "\($0)".contains("try again")
        }
        #expect(try here.datasets() == [both])
        #expect(try here.dataset(named: "set").bytes(of: both.images[1]) == photos[1])
    }

    private func image(_ name: String, _ bytes: [UInt8]) -> DatasetImage {
        DatasetImage(name: name, sha256: Digest.sha256(of: bytes).hex, label: "x")
    }

    @Test func aSetThatIsNeededStaysAsItWas() throws {
        struct Needed: Error {}
        let catalog = try catalog(memory())
        let set = try catalog.upload(archive(["x/a.png": photos[0]]), as: "set", adding: false).dataset
        // Found before its list is taken away, and only then.
        for last in [1, 2] {
            var asked = 0
            #expect(throws: (any Error).self) {
                try catalog.remove("set") {
                    asked += 1
                    if asked == last { throw Needed() }
                }
            }
            #expect(try catalog.datasets() == [set])
            #expect(try catalog.dataset(named: "set").bytes(of: set.images[0]) == photos[0])
        }
        try catalog.remove("set")
        #expect(try catalog.datasets().isEmpty)
    }

    @Test func aJobIsNotBegunWithASetThatIsGone() throws {
        let catalog = try catalog(memory())
        let set = try catalog.upload(archive(["x/a.png": photos[0]]), as: "set", adding: false).dataset
        #expect(try catalog.has(set))
        let more = try catalog.upload(archive(["x/b.png": photos[1]]), as: "set", adding: true).dataset
        #expect(try !catalog.has(set) && catalog.has(more))
        try catalog.remove("set")
        #expect(try !catalog.has(more))
    }

    @Test func stopsWhenNobodyWaits() throws {
        let catalog = try catalog(memory())
        let token = CancellationToken()
        token.cancel()
        #expect(throws: Stopped.self) {
            try catalog.upload(archive(["x/a.png": photos[0]]), as: "set", adding: false, token: token)
        }
        #expect(try catalog.datasets().isEmpty)
    }

    @Test func refusesWordsThatAreTooLong() throws {
        let table = "path,label\nx/a.png,\(String(repeating: "n", count: 1025))\n"
        let catalog = try catalog(memory())
        #expect {
            let bytes = archive(["labels.csv": Array(table.utf8), "x/a.png": photos[0]])
            return try catalog.upload(bytes, as: "set", adding: false)
        } throws: {
            "\($0)".contains("at most 1024")
        }
        let list = try DatasetCatalog(
            directories: [],
            limits: {
                var limits = DatasetLimits(); limits.maximumListBytes = 100; return limits
            }(),
            uploaded: DatasetStore(blobs: memory()))
        #expect {
            try list.upload(archive(["x/a.png": photos[0]]), as: "set", adding: false)
        } throws: {
            "\($0)".contains("at most 100 are")
        }
        #expect(try list.datasets().isEmpty)
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
