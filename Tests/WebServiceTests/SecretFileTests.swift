import Foundation
import Glibc
import Testing

@testable import WebService

/// Files of secrets: kept to their owner, or not read.
struct SecretFileTests {
    @Test(arguments: [(0o600, true), (0o400, true), (0o640, true), (0o644, false), (0o620, false), (0o604, false)])
    func isReadWhereNobodyElseMayReadIt(mode: Int, isRead: Bool) throws {
        let file = try TemporaryFile("secret", mode: mode)
        if isRead {
            #expect(try SecretFile.read(file.path) == Array("secret".utf8))
        } else {
            let error = #expect(throws: AccessError.self) { try SecretFile.read(file.path) }
            #expect(error?.description.contains("chmod 600") == true)
            #expect(error?.description.contains("mode is \(String(mode, radix: 8))") == true)
        }
    }

    @Test func belongsToItsReaderOrRoot() {
        #expect(SecretFile.fault(mode: 0o600, owner: 1000, user: 1000) == nil)
        #expect(SecretFile.fault(mode: 0o640, owner: 0, user: 1000) == nil)
        #expect(SecretFile.fault(mode: 0o600, owner: 1001, user: 1000)?.contains("user 1001") == true)
    }

    @Test func isAFileThatThereIs() throws {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(throws: AccessError.unreadable(path: folder, reason: "it is no ordinary file")) {
            try SecretFile.read(folder)
        }
        let error = #expect(throws: AccessError.self) { try SecretFile.read("/nonexistent/tokens") }
        #expect(error?.description.contains("/nonexistent/tokens") == true)
    }

    @Test func isFoundThroughALink() throws {
        let file = try TemporaryFile("secret", mode: 0o600)
        let link = file.path + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        #expect(try SecretFile.read(link) == Array("secret".utf8))
    }

    @Test func isNoLargeFile() throws {
        let file = try TemporaryFile(String(repeating: "x", count: SecretFile.maximumBytes + 1), mode: 0o600)
        #expect(throws: AccessError.self) { try SecretFile.read(file.path) }
    }
}

/// A file that is gone when nobody holds it any more.
final class TemporaryFile: Sendable {
    let path: String

    init(_ text: String, mode: Int = 0o600) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try write(text, mode: mode)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
