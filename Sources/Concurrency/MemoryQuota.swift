import Foundation

/// The memory that control groups allow.
package enum MemoryQuota {
    /// The bytes this process's groups allow, or nil if there is no limit.
    package static var current: Int? {
        bytes { path in try? String(contentsOfFile: path, encoding: .utf8) }
    }

    /// The bytes allowed: the least of the limits of its group and of each above it, version 2 (`memory.max`, and
    /// `memory.high`, above which the process is slowed down) or 1 (`memory.limit_in_bytes`).
    ///
    /// `read` gives the text of a file, nil if there is none.
    package static func bytes(read: (String) -> String?) -> Int? {
        let folders = ControlGroup.folders(of: "memory", read: read)
        let files =
            folders.version2.flatMap { [$0 + "/memory.max", $0 + "/memory.high"] }
            + folders.version1.map { $0 + "/memory.limit_in_bytes" }
        return files.compactMap { limit(read($0) ?? "") }.min()
    }

    /// The number in a file; nil for `max`, and for the huge one that stands for no limit in version 1 (a multiple of the
    /// page size next to 2⁶³).
    private static func limit(_ text: String) -> Int? {
        let digits = text.filter { !$0.isWhitespace }
        guard let bytes = Int(digits), bytes > 0, bytes < 1 << 60 else { return nil }
        return bytes
    }
}
