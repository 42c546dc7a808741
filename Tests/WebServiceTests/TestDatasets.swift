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

    func catalog() throws -> DatasetCatalog {
        try DatasetCatalog(directories: [folder.path])
    }
}
