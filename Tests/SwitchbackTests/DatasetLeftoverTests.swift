import Blobs
import Concurrency
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Switchback

/// What uploads and jobs leave behind in a store of data sets, and sets of one name from two places.
final class DatasetLeftoverTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    private let blobs = MemoryBlobStore(limits: BlobLimits(maximumBytes: 8 << 20))
    private let photos: [[UInt8]]

    init() throws {
        photos = [try Fixtures.bytes("images/chelsea.png"), try Fixtures.bytes("images/coffee.png")]
        let set = folder.appendingPathComponent("photos/tabby")
        try FileManager.default.createDirectory(at: set, withIntermediateDirectories: true)
        try Data(photos[0]).write(to: set.appendingPathComponent("a.png"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A service with `photos` in its configuration, on a store that others use too.
    private func configured() throws -> DatasetCatalog {
        try DatasetCatalog(directories: [folder.path], uploaded: DatasetStore(blobs: blobs), isShared: true)
    }

    /// Another one, without.
    private func other() throws -> DatasetCatalog {
        try DatasetCatalog(directories: [], uploaded: DatasetStore(blobs: blobs), isShared: true)
    }

    private func upload(_ photo: [UInt8], to catalog: DatasetCatalog) throws -> Dataset {
        var tar = TarWriter()
        tar.add("espresso/b.png", photo)
        return try catalog.upload(tar.finished(), as: "photos", adding: false).dataset
    }

    private func hour(_ hours: Double) -> WallTime { WallTime(milliseconds: Int64(hours * 3_600_000)) }

    @Test func anUploadThatWasKilledHoldsItsRoomForSixHours() throws {
        let list = Digest.sha256(of: [1])
        let owner = try #require(BlobOwner("dataset-\(list.hex)-killed"))
        try blobs.put(photos[0], for: owner)
        let store = DatasetStore(blobs: blobs)
        let set = try upload(photos[1], to: try other())
        for time in [0, 3, 5.9] { try store.tidy(now: hour(time)) { _ in false } }
        #expect(blobs.owners().count == 2)
        try store.tidy(now: hour(6)) { _ in false }
        #expect(blobs.owners().count == 1)
        #expect(try other().datasets() == [set])
    }

    @Test func anUploadThatGoesOnIsLeftAlone() throws {
        let store = DatasetStore(blobs: blobs)
        let images = photos.enumerated().map {
            DatasetImage(name: "x/\($0).png", sha256: ImageInput.encoded($1).sha256, label: "x")
        }
        let set = Dataset(name: "set", images: images)
        let another = DatasetStore(blobs: blobs)
        try store.changing("set") {
            try store.keep(set) { image in
                guard image == images[1] else { return photos[0] }
                #expect(blobs.owners().count == 1)
                for time in [0, 9] { try store.tidy(now: hour(Double(time))) { _ in false } }
                try another.tidy(now: hour(0)) { _ in false }
                return photos[1]
            }
        }
        try another.tidy(now: hour(9)) { _ in false }
        #expect(try other().dataset(named: "set").bytes(of: set.images[0]) == photos[0])
    }

    @Test func aSetOfConfigurationTakesNoUploadedOneAway() throws {
        let (here, there) = (try configured(), try other())
        let uploaded = try upload(photos[1], to: there)
        let own = try here.dataset(named: "photos")
        #expect(try here.hidden() == ["photos"] && there.hidden().isEmpty)
        #expect(own.dataset.images.map(\.name) == ["tabby/a.png"])
        try here.share(own)
        #expect(try there.datasets() == [uploaded])
        #expect(try there.dataset(named: "photos").bytes(of: uploaded.images[0]) == photos[1])
        #expect(try there.open(own.dataset).bytes(of: own.dataset.images[0]) == photos[0])
        #expect(try here.has(own.dataset) && there.has(uploaded) && !there.has(own.dataset))
        try there.remove("photos")
        #expect(try there.open(own.dataset).bytes(of: own.dataset.images[0]) == photos[0])
        #expect(try here.datasets() == [own.dataset])
    }

    @Test func aSetOfConfigurationIsSharedForAsLongAsJobsAreAboutIt() throws {
        let here = try configured()
        let own = try here.dataset(named: "photos")
        try here.share(own)
        let owners = blobs.owners()
        for time in [0, 7, 14] { try here.tidy(now: hour(Double(time))) { $0 == own.dataset } }
        #expect(blobs.owners() == owners && owners.count == 1)
        // A job comes while its list is away.
        try here.tidy(now: hour(15)) { _ in false }
        var asked = 0
        try here.tidy(now: hour(22)) { _ in
            asked += 1
            return asked > 1
        }
        #expect(blobs.owners() == owners && asked == 2)
        #expect(try here.uploaded?.has(own.dataset, as: .shared) == true)
        try here.tidy(now: hour(30)) { _ in false }
        #expect(blobs.owners().isEmpty)
        // The bytes are there still, and kept again when a job finds them let go.
        try here.share(own, isCertain: true)
        #expect(blobs.owners() == owners)
    }

    @Test func readsAListOnce() throws {
        let counting = CountingBlobs(blobs)
        let store = DatasetStore(blobs: counting)
        let catalog = try DatasetCatalog(directories: [], uploaded: store)
        let set = try upload(photos[0], to: catalog)
        for _ in 0..<3 { #expect(try catalog.datasets() == [set] && catalog.dataset(named: "photos").dataset == set) }
        #expect(counting.reads == 1)
        try other().remove("photos")
        #expect(try catalog.datasets().isEmpty)
    }
}

/// A store that counts how often bytes are read.
private final class CountingBlobs: BlobStore {
    private let blobs: MemoryBlobStore
    private let count = Guarded(0)

    init(_ blobs: MemoryBlobStore) { self.blobs = blobs }

    var reads: Int { count.withLock { $0 } }

    func get(_ digest: Digest) throws(BlobError) -> [UInt8]? {
        count.withLock { $0 += 1 }
        return blobs.get(digest)
    }

    func put(_ bytes: [UInt8], for owner: BlobOwner?) throws(BlobError) -> StoredBlob {
        try blobs.put(bytes, for: owner)
    }
    func contains(_ digest: Digest) -> Bool { blobs.contains(digest) }
    func remove(_ digest: Digest) -> Bool { blobs.remove(digest) }
    func keep(_ digest: Digest, for owner: BlobOwner) -> Bool { blobs.keep(digest, for: owner) }
    func letGo(_ owner: BlobOwner) { blobs.letGo(owner) }
    func owners() -> [BlobOwner] { blobs.owners() }
    func total() -> BlobTotal { blobs.total() }
    func prune(now: Date) -> BlobTotal { blobs.prune(now: now) }
}
