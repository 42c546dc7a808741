import Blobs
import Foundation
import Switchback
import TestSupport

/// A folder with one data set `photos`: a cat, a cup, and a file that is no image.
final class TestDatasets {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        let photos = folder.appendingPathComponent("photos")
        try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
        for name in ["chelsea.png", "coffee.png"] {
            try Data(try Fixtures.bytes("images/\(name)")).write(to: photos.appendingPathComponent(name))
        }
        try Data("no image".utf8).write(to: photos.appendingPathComponent("broken.png"))
        let table = "path,label\nchelsea.png,281 285\ncoffee.png,espresso\nbroken.png,1\n"
        try Data(table.utf8).write(to: photos.appendingPathComponent("labels.csv"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A catalogue that keeps uploaded sets in memory.
    static func uploads(maximumBytes: Int = 64 << 20) throws -> DatasetCatalog {
        let store = try DatasetStore(maximumBytes: maximumBytes) { MemoryBlobStore(limits: $0) }
        return try DatasetCatalog(directories: [], uploaded: store)
    }

    func catalog() throws -> DatasetCatalog {
        try DatasetCatalog(directories: [folder.path])
    }
}
