/// A word of a command that a person may copy into a shell.
struct ShellWord {
    private let text: String

    init(_ text: String) { self.text = text }

    /// What no shell changes anywhere in a word.
    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%".unicodeScalars)

    /// The word as POSIX shells read it back: itself where that is so already, else in single quotes.
    var quoted: String {
        if !text.isEmpty, text.unicodeScalars.allSatisfy(Self.plain.contains) { return text }
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
