/// The text of a Swift (or C) file with its comments and the contents of its string literals blanked out.
///
/// Enough of the language's lexical rules to tell code from words about code: line and nested block comments, strings
/// of one and of several lines, raw strings, and code interpolated into them. Not known: regular expression literals.
struct SwiftText {
    /// The lines as they are in the file.
    let lines: [Substring]
    /// The same lines, with blanks where comments and the contents of strings were.
    let code: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var blanker = Blanker(text)
        code = blanker.blanked().split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The numbers (from 0) of the lines whose code holds one of these words.
    func linesOfCode(where holds: (Substring) -> Bool) -> [Int] {
        code.indices.filter { holds(code[$0]) }
    }
}

/// Copies a text, writing blanks instead of what is not code.
private struct Blanker {
    private let text: [UInt8]
    private var position = 0
    private var result: [UInt8] = []

    init(_ text: String) {
        self.text = Array(text.utf8)
        result.reserveCapacity(self.text.count)
    }

    mutating func blanked() -> String {
        code(untilParenthesis: false)
        return String(decoding: result, as: UTF8.self)
    }

    private func isAt(_ word: String) -> Bool {
        text[position...].starts(with: word.utf8)
    }

    private mutating func keep(_ count: Int = 1) {
        for _ in 0..<count where position < text.count {
            result.append(text[position])
            position += 1
        }
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where position < text.count {
            result.append(text[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }

    /// Code, to the end of the text or of the interpolation that it is.
    private mutating func code(untilParenthesis: Bool) {
        var depth = 0
        while position < text.count {
            if isAt("//") {
                while position < text.count, text[position] != UInt8(ascii: "\n") { blank() }
            } else if isAt("/*") {
                blockComment()
            } else if isAt("\"") || isAt("#") {
                string()
            } else {
                if isAt("(") { depth += 1 }
                if isAt(")") {
                    depth -= 1
                    if untilParenthesis && depth < 0 { return }
                }
                keep()
            }
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if isAt("/*") {
                depth += 1
                blank(2)
            } else if isAt("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < text.count
    }

    private mutating func string() {
        let hashes = text[position...].prefix { $0 == UInt8(ascii: "#") }.count
        guard position + hashes < text.count, text[position + hashes] == UInt8(ascii: "\"") else {
            keep(hashes)
            return
        }
        let fence = String(repeating: "#", count: hashes)
        keep(hashes)
        let quotes = isAt("\"\"\"") ? "\"\"\"" : "\""
        keep(quotes.utf8.count)
        while position < text.count, !isAt(quotes + fence) {
            if isAt("\\" + fence + "(") {
                blank(1 + hashes)
                keep()
                code(untilParenthesis: true)
                keep()
            } else if isAt("\\" + fence) {
                blank(2 + hashes)
            } else {
                blank()
            }
        }
        keep(quotes.utf8.count + hashes)
    }
}
