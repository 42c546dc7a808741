import Foundation

/// A folder that goes with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = "/tmp/switchback-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
