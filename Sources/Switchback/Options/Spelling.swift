/// Words for error messages: the nearest known name, and values short enough to print.
package enum Spelling {
    /// The candidate nearest to `word` by edit distance, if it is near enough to be meant: `limit` edits, or else a third
    /// of its length.
    package static func nearest(to word: String, among candidates: [String], within limit: Int? = nil) -> String? {
        let scored = candidates.map { ($0, distance(Array(word.lowercased().prefix(64)), Array($0.lowercased()))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= limit ?? max(1, best.0.count / 3) else {
            return nil
        }
        return best.0
    }

    /// `text` cut to 80 Unicode scalars: one character may be of thousands.
    static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.dropFirst(80).isEmpty ? text : String(String.UnicodeScalarView(scalars.prefix(79))) + "…"
    }

    /// The Levenshtein distance of two words.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let substituted = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
