import Foundation

/// What is said to the one who waits, apart from the answer.
enum Terminal {
    /// Whether somebody sees standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard error; that it cannot be written is no reason to stop the work it tells of.
    static func note(_ text: String) { write(text + "\n") }

    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
