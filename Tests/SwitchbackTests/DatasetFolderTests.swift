import Foundation
import TestSupport
import Testing

@testable import Switchback

/// Folders of images as data sets.
final class DatasetFolderTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func put(_ bytes: [UInt8], at name: String) throws {
        let place = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: place)
    }

    private func open(_ limits: DatasetLimits = DatasetLimits()) throws -> OpenDataset {
        try DatasetFolder(path: folder.path, limits: limits, images: EngineLimits()).open(name: "set")
    }

    private func photo(_ name: String = "chelsea.png") throws -> [UInt8] { try Fixtures.bytes("images/\(name)") }

    @Test func takesTheFirstFolderAsTheLabel() throws {
        let cat = try photo()
        for name in ["tabby/a.png", "tabby/more/B.PNG", "loose.png", ".hidden/c.png"] { try put(cat, at: name) }
        try put([UInt8]("notes".utf8), at: "tabby/README.txt")
        let dataset = try open().dataset
        #expect(dataset.images.map(\.name) == ["loose.png", "tabby/a.png", "tabby/more/B.PNG"])
        #expect(dataset.images.map(\.label) == [nil, "tabby", "tabby"])
        #expect(dataset.labels.map(\.label) == ["tabby"] && dataset.labels.map(\.images) == [2])
        #expect(dataset.broken.isEmpty)
    }

    @Test func takesTheImagesThatTheTableNames() throws {
        try put(try photo(), at: "a.png")
        try put(try photo("coffee.png"), at: "b.png")
        try put([UInt8]("path,label\nb.png,967\nmissing.png,1\n".utf8), at: "labels.csv")
        let dataset = try open().dataset
        #expect(dataset.images.map(\.name) == ["b.png"])
        #expect(dataset.broken == [BrokenImage(name: "missing.png", reason: "there is no such file")])
    }

    @Test func readsNothingOutsideThatItsTableNames() throws {
        try put(try photo(), at: "outside/a.png")
        try put([UInt8]("path,label\n../outside/a.png,1\n".utf8), at: "set/labels.csv")
        let inside = DatasetFolder(path: folder.appendingPathComponent("set").path, images: EngineLimits())
        #expect {
            try inside.open()
        } throws: {
            "\($0)".contains("labels.csv:2: the path '../outside/a.png' leads out")
        }
        // Whoever may put a link there may put the image there.
        let link = folder.appendingPathComponent("set/link.png").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "../outside/a.png")
        try put([UInt8]("path,label\nlink.png,1\n".utf8), at: "set/labels.csv")
        #expect(try inside.open().dataset.images.map(\.name) == ["link.png"])
    }

    @Test func listsWhatIsBrokenWithReasons() throws {
        let cat = try photo()
        try put(cat, at: "x/good.png")
        try put(Array(cat.prefix(cat.count / 2)), at: "x/cut.png")
        try put([UInt8]("no image".utf8), at: "x/text.jpg")
        try put([], at: "x/empty.webp")
        let dataset = try open().dataset
        #expect(dataset.images.map(\.name) == ["x/good.png"])
        #expect(dataset.broken.map(\.name) == ["x/cut.png", "x/empty.webp", "x/text.jpg"])
        #expect(dataset.broken.allSatisfy { !$0.reason.isEmpty })
    }

    @Test func isNamedByItsContents() throws {
        try put(try photo(), at: "x/a.png")
        let first = try open().dataset
        #expect(first.digest == (try DatasetFolder(path: folder.path, images: EngineLimits()).open()).dataset.digest)
        #expect(
            String(decoding: first.manifest, as: UTF8.self)
                == "switchback data set 1\n\(first.images[0].sha256) 1:x 7:x/a.png\n")
        try put(try photo("coffee.png"), at: "x/b.png")
        let second = try open().dataset
        #expect(second.digest != first.digest)
        try put([UInt8]("path,label\nx/a.png,y\nx/b.png,x\n".utf8), at: "labels.csv")
        #expect(try open().dataset.digest != second.digest)
    }

    @Test func keepsToItsLimits() throws {
        let cat = try photo()
        try put(cat, at: "x/a.png")
        try put(cat, at: "x/b.png")
        for limits in [DatasetLimits(maximumImages: 1), DatasetLimits(maximumBytes: cat.count * 2 - 1)] {
            #expect(throws: SwitchbackError.self) { try open(limits) }
        }
        #expect(try open(DatasetLimits(maximumImages: 2, maximumBytes: cat.count * 2)).dataset.images.count == 2)
    }

    @Test func noticesThatAnImageHasChanged() throws {
        try put(try photo(), at: "x/a.png")
        let set = try open()
        #expect(try set.bytes(of: set.dataset.images[0]) == photo())
        try put(try photo("coffee.png"), at: "x/a.png")
        #expect(throws: SwitchbackError.self) { try set.bytes(of: set.dataset.images[0]) }
        try FileManager.default.removeItem(at: folder.appendingPathComponent("x/a.png"))
        #expect(throws: SwitchbackError.self) { try set.bytes(of: set.dataset.images[0]) }
    }

    @Test func saysThatThereIsNoFolder() {
        #expect(throws: SwitchbackError.badDataset(.malformed, reason: "there is no folder '/nonexistent'")) {
            try DatasetFolder(path: "/nonexistent", images: EngineLimits()).open()
        }
    }
}
