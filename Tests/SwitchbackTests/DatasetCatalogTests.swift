import Foundation
import TestSupport
import Testing

@testable import Switchback

/// The data sets of a service: folders and archives of one configured folder.
final class DatasetCatalogTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        let cats = folder.appendingPathComponent("as-folder/tabby")
        try FileManager.default.createDirectory(at: cats, withIntermediateDirectories: true)
        let cat = try Fixtures.bytes("images/chelsea.png")
        try Data(cat).write(to: cats.appendingPathComponent("a.png"))
        var tar = TarWriter()
        tar.add("tabby/a.png", cat)
        tar.add("tabby/cut.png", Array(cat.prefix(1000)))
        try Data(tar.finished()).write(to: folder.appendingPathComponent("as-tar.tar"))
        try Data("notes".utf8).write(to: folder.appendingPathComponent("README.md"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func catalog() throws -> DatasetCatalog { try DatasetCatalog(directories: [folder.path]) }

    @Test func findsFoldersAndArchives() throws {
        let sets = try catalog().datasets()
        #expect(sets.map(\.name) == ["as-folder", "as-tar"])
        #expect(sets[0].digest == sets[1].digest && sets[0].broken.isEmpty)
        #expect(sets[1].broken.map(\.name) == ["tabby/cut.png"])
    }

    @Test func givesTheSameBytesFromBoth() throws {
        let catalog = try catalog()
        for name in ["as-folder", "as-tar"] {
            let set = try catalog.dataset(named: name)
            #expect(try set.bytes(of: set.dataset.images[0]) == Fixtures.bytes("images/chelsea.png"))
            #expect(try catalog.open(set.dataset).bytes(of: set.dataset.images[0]).isEmpty == false)
        }
    }

    @Test func namesThoseThatThereAre() throws {
        #expect(throws: SwitchbackError.noDataset(reason: "no data set 'x'; there are as-folder, as-tar")) {
            try catalog().dataset(named: "x")
        }
        #expect(throws: SwitchbackError.noDataset(reason: "no data set 'x'; there is none")) {
            try DatasetCatalog.empty.dataset(named: "x")
        }
    }

    @Test func aSetSurvivesAsADocument() throws {
        let set = try catalog().dataset(named: "as-tar").dataset
        #expect(try Dataset(document: set.document()) == set)
        #expect(throws: SwitchbackError.self) { try Dataset(document: [UInt8]("{}".utf8)) }
    }

    @Test func refusesToBeginWithAnArchiveThatIsDamaged() throws {
        try Data([1, 2, 3]).write(to: folder.appendingPathComponent("bad.tar"))
        #expect(throws: SwitchbackError.self) { try catalog() }
        #expect(throws: SwitchbackError.self) { try DatasetCatalog(directories: ["/nonexistent"]) }
    }
}
