/// Unsafe code stands in the places that ARCHITECTURE.md lists, under a sentence that says why it is sound.
struct UnsafeRule {
    /// Files, and folders that end in `/`.
    let places: [String]

    /// Types and functions that are unsafe to use.
    private static let names: Set<Substring> = ["unsafe", "Unmanaged", "OpaquePointer", "unsafeBitCast"]

    private static func words(_ line: Substring) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// Whether a line of code has unsafe constructs in it.
    private static func isUnsafe(_ line: Substring) -> Bool {
        words(line).contains { word in
            names.contains(word) || word.hasPrefix("withUnsafe")
                || word.hasPrefix("Unsafe") && word.hasSuffix("Pointer")
        }
    }

    func violations(path: String, text: SwiftText) -> [String] {
        let lines = text.linesOfCode(where: UnsafeRule.isUnsafe)
        if lines.isEmpty { return [] }
        if !places.contains(where: { path == $0 || ($0.hasSuffix("/") && path.hasPrefix($0)) }) {
            return lines.map { "\(path):\($0 + 1) has unsafe code outside the places of ARCHITECTURE.md" }
        }
        let functions = text.functions
        let expressions = lines.filter { UnsafeRule.words(text.code[$0]).contains("unsafe") }
        return expressions.filter { !isExplained(line: $0, text, functions) }
            .map { "\(path):\($0 + 1) has no SAFETY sentence above it" }
    }

    /// Whether a sentence stands above the line: in the outermost function around it or in the comment before that
    /// function, or at the left margin for the rest of the file.
    private func isExplained(line: Int, _ text: SwiftText, _ functions: [SwiftFunction]) -> Bool {
        var start = functions.first { $0.lines.contains(line) }?.lines.lowerBound ?? line
        while start > 0, isCommentOrAttribute(text.lines[start - 1]) { start -= 1 }
        let above = text.lines[start...line].contains { $0.contains("// SAFETY: ") }
        return above || text.lines[..<line].contains { $0.hasPrefix("// SAFETY: ") }
    }

    private func isCommentOrAttribute(_ line: Substring) -> Bool {
        let content = line.drop { $0 == " " }
        return content.hasPrefix("//") || content.hasPrefix("@")
    }
}
