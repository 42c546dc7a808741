import Foundation

/// A file, pipe or device that is read whole.
enum InputFile {
    /// The bytes of what `path` names.
    ///
    /// Throws what says why it cannot be read, and a ``Failure`` where there are more than `limit` bytes: a device may have no
    /// end.
    static func bytes(at path: String, limit: Int) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        return try bytes(from: file, limit: limit)
    }

    /// The bytes of standard input; it throws like ``bytes(at:limit:)``.
    static func standardInput(limit: Int) throws -> [UInt8] { try bytes(from: .standardInput, limit: limit) }

    private static func bytes(from file: FileHandle, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            bytes += piece
            if bytes.count > limit { throw Failure("it has more than \(limit) bytes") }
        }
        return bytes
    }
}
