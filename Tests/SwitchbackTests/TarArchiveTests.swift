import Foundation
import TestSupport
import Testing

@testable import Switchback

/// Tar archives as they come from programs and from people who mean no good.
struct TarArchiveTests {
    private func entries(_ bytes: [UInt8], maximum: Int = 100) throws -> [TarArchive.Entry] {
        try TarArchive(size: bytes.count, maximumEntries: maximum) { Array(bytes[$0]) }.entries
    }

    private func message(_ bytes: [UInt8], maximum: Int = 100) -> String {
        do {
            return "taken: \(try entries(bytes, maximum: maximum).map(\.name))"
        } catch {
            return "\(error)"
        }
    }

    @Test func readsFilesAndLeavesFoldersOut() throws {
        var tar = TarWriter()
        tar.add("./photos/", kind: "5")
        tar.add("./photos/a.txt", [1, 2, 3])
        tar.add("empty")
        tar.add("b", [UInt8](repeating: 7, count: 512))
        let bytes = tar.finished()
        let found = try entries(bytes)
        #expect(found.map(\.name) == ["photos/a.txt", "empty", "b"])
        #expect(found.map { Array(bytes[$0.range]) } == [[1, 2, 3], [], [UInt8](repeating: 7, count: 512)])
    }

    @Test func readsLongNamesOfAllKinds() throws {
        let long = String(repeating: "folder/", count: 30) + "é.png"
        var tar = TarWriter()
        tar.add("PaxHeader", TarWriter.record("path", long), kind: "x")
        tar.add("short", [1])
        tar.add("././@LongLink", [UInt8](long.utf8) + [0], kind: "L")
        tar.add("short", [2])
        tar.add("name", [3], prefix: "in/front")
        tar.add("pax_global_header", TarWriter.record("comment", "x"), kind: "g")
        tar.add("last", [4])
        #expect(throws: SwitchbackError.self) { try entries(tar.finished()) }
        var other = TarWriter()
        other.add("PaxHeader", TarWriter.record("mtime", "1.5") + TarWriter.record("path", long), kind: "x")
        other.add("short", [1])
        other.add("name", [3], prefix: "in/front")
        other.add("pax_global_header", TarWriter.record("comment", "x"), kind: "g")
        other.add("last", [4])
        #expect(try entries(other.finished()).map(\.name) == [long, "in/front/name", "last"])
    }

    @Test func takesTheSizeOfAnExtendedHeader() throws {
        var tar = TarWriter()
        tar.add("PaxHeader", TarWriter.record("size", "5"), kind: "x")
        tar.add("a", [1, 2, 3, 4, 5], statedSize: "00000000000")
        #expect(try entries(tar.finished()).map(\.range.count) == [5])
    }

    @Test(arguments: ["../a", "a/../../b", "/etc/passwd", "a//b", "a\\b", ".", "./", "a/.."])
    func refusesNamesThatLeadElsewhere(name: String) {
        var tar = TarWriter()
        tar.add(name, [1])
        #expect(message(tar.finished()).contains("path") || message(tar.finished()).contains("leads out"))
    }

    @Test(arguments: [("1", "a link"), ("2", "a link"), ("S", "sparse"), ("3", "neither"), ("6", "neither")])
    func refusesWhatIsNoFile(kind: Character, words: String) {
        var tar = TarWriter()
        tar.add("a", kind: kind)
        #expect(message(tar.finished()).contains(words))
    }

    @Test func refusesSparseFilesInExtendedHeaders() {
        var tar = TarWriter()
        tar.add("PaxHeader", TarWriter.record("GNU.sparse.major", "1"), kind: "x")
        tar.add("a", [1])
        #expect(message(tar.finished()).contains("sparse"))
    }

    @Test func refusesNamesThatComeTwice() {
        var tar = TarWriter()
        tar.add("a", [1])
        tar.add("./a", [2])
        #expect(message(tar.finished()).contains("at byte 1024: 'a' comes twice"))
    }

    @Test func refusesTooManyFiles() {
        var tar = TarWriter()
        for name in ["a", "b", "c"] { tar.add(name) }
        #expect(message(tar.finished(), maximum: 2).contains("more than 2 files"))
        #expect(message(tar.finished(), maximum: 3).hasPrefix("taken"))
    }

    @Test(arguments: ["77777777777", "7777777777777", "\u{80}", "9", "-1"])
    func refusesSizesThatTheArchiveDoesNotHave(size: String) {
        var tar = TarWriter()
        tar.add("a", [1], statedSize: size)
        #expect(message(tar.finished()).contains("cannot be taken"))
    }

    @Test(arguments: ["77777777777777777777", "99999999999999999999999", "-1", "1e9", ""])
    func refusesSizesOfExtendedHeadersThatAreNone(size: String) {
        var tar = TarWriter()
        tar.add("PaxHeader", TarWriter.record("size", size), kind: "x")
        tar.add("a", [1])
        #expect(message(tar.finished()).contains("cannot be taken"))
    }

    @Test func refusesEveryPartOfAnArchive() throws {
        var tar = TarWriter()
        tar.add("PaxHeader", TarWriter.record("path", "x/y"), kind: "x")
        tar.add("a", [UInt8](repeating: 1, count: 600))
        tar.add("b", [2])
        let whole = tar.finished()
        for count in stride(from: 0, to: whole.count - 1024, by: 37) {
            #expect(!message(Array(whole.prefix(count))).hasPrefix("taken"), "\(count)")
        }
    }

    @Test func refusesDamagedHeaders() {
        var tar = TarWriter()
        tar.add("a", [1])
        let whole = tar.finished()
        for place in 0..<500 {
            var damaged = whole
            damaged[place] ^= 0x01
            #expect(message(damaged).contains("cannot be taken") || (148..<156).contains(place), "\(place)")
        }
        #expect(message([UInt8](repeating: 65, count: 2048)).contains("no tar archive"))
    }

    @Test(arguments: ["", "5", "5 a=b", "99 a=b\n", "6 ab=\u{0}", "0 \n", "-3 a=b\n", "abc a=b\n"])
    func refusesExtendedHeadersThatAreNotWellFormed(record: String) {
        var tar = TarWriter()
        tar.add("PaxHeader", [UInt8](record.utf8), kind: "x")
        tar.add("a", [1])
        if record.isEmpty {
            #expect(message(tar.finished()).hasPrefix("taken"))
        } else {
            #expect(message(tar.finished()).contains("cannot be taken"), "\(record)")
        }
    }

    @Test func readsWhatTarWrites() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let deep = folder.appendingPathComponent("in/" + String(repeating: "long-folder-name/", count: 9))
        try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data([9]).write(to: deep.appendingPathComponent("a.png"))
        for format in ["gnu", "pax", "ustar"] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            let archive = folder.appendingPathComponent(format + ".tar")
            process.arguments = ["tar", "--format=" + format, "-C", folder.path + "/in", "-cf", archive.path, "."]
            try process.run()
            process.waitUntilExit()
            let bytes = [UInt8](try Data(contentsOf: archive))
            let found = try entries(bytes)
            #expect(found.map(\.name) == [String(repeating: "long-folder-name/", count: 9) + "a.png"], "\(format)")
            #expect(found.map { Array(bytes[$0.range]) } == [[9]])
        }
    }
}
