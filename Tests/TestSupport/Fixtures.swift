public import Foundation

/// Where the numbers and files the tests compare with are kept.
public enum Fixtures {
    /// The root of the source tree, found from this file's own place in it.
    public static var root: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// The file or folder at `path` below `Tests/Fixtures`.
    public static func url(_ path: String) -> URL {
        root.appendingPathComponent("Tests/Fixtures").appendingPathComponent(path)
    }

    /// The bytes of the file at `path` below `Tests/Fixtures`.
    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url(path)))
    }
}
