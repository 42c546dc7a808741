/// A function, initialiser, subscript or computed property of a Swift file.
struct SwiftFunction: Equatable {
    let name: String
    /// Its lines, counted from 0: from the one with its name to the one with its closing brace.
    let lines: ClosedRange<Int>
}

extension SwiftText {
    /// All functions with a body, in the order of their first lines; one within another is listed as well.
    var functions: [SwiftFunction] {
        code.indices.compactMap { line in
            guard let name = declaredName(code[line]), let start = openingBrace(from: line),
                let end = closingBrace(from: start)
            else { return nil }
            return SwiftFunction(name: name, lines: line...end)
        }
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "static", "final", "class", "override", "mutating",
        "nonmutating", "consuming", "borrowing", "convenience", "required", "nonisolated", "lazy", "weak", "unowned",
        "prefix", "postfix", "infix", "private(set)", "package(set)", "unsafe", "nonisolated(unsafe)",
    ]

    /// The name that a line declares, if it declares something that may have a body of statements.
    private func declaredName(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        let start = words.drop { SwiftText.modifiers.contains($0) || $0.hasPrefix("@") }
        guard let first = start.first else { return nil }
        let keyword = first.prefix { $0.isLetter }
        switch keyword {
        case "func", "var":
            guard first.count == keyword.count, let name = start.dropFirst().first else { return nil }
            let letters = name.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            return String(letters.isEmpty ? name : letters)
        case "init", "deinit", "subscript": return String(keyword)
        default: return nil
        }
    }

    /// Where the body of the declaration on this line opens, or nil if it has none.
    private func openingBrace(from first: Int) -> (line: Int, column: Int)? {
        var parentheses = 0
        for line in first..<code.count {
            for (column, character) in code[line].enumerated() {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{" where parentheses == 0: return (line, column)
                case "=" where parentheses == 0 && code[first].split(separator: " ").contains("var"): return nil
                case "}" where parentheses == 0: return nil
                default: break
                }
            }
            if parentheses == 0 && !continues(after: line) { return nil }
        }
        return nil
    }

    /// Whether a declaration without its body so far goes on in the next line.
    private func continues(after line: Int) -> Bool {
        guard line + 1 < code.count else { return false }
        let next = code[line + 1].drop { $0 == " " }
        return ["{", "->", "throws", "async", "rethrows", "where", "("].contains { next.hasPrefix($0) }
            || ["->", "where", ","].contains { code[line].hasSuffix($0) }
    }

    private func closingBrace(from start: (line: Int, column: Int)) -> Int? {
        var braces = 0
        for line in start.line..<code.count {
            for character in code[line].dropFirst(line == start.line ? start.column : 0) {
                if character == "{" { braces += 1 }
                if character == "}" { braces -= 1 }
                if braces == 0 && character == "}" { return line }
            }
        }
        return nil
    }
}
