/// The tables of ARCHITECTURE.md.
enum ArchitectureTables {
    /// The rows of the table below the heading `## name`, each a list of trimmed cells, without the heading row.
    static func rows(in text: String, under heading: String) -> [[String]] {
        var isBelow = false
        var rows: [[String]] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { isBelow = line == "## \(heading)" }
            guard isBelow, line.hasPrefix("|") else { continue }
            let cells = line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).dropLast()
            rows.append(cells.map { $0.trimmed })
        }
        return Array(rows.dropFirst(2))
    }

    /// The targets of the module table and what each uses directly.
    static func modules(in text: String) -> [String: Set<String>] {
        var modules: [String: Set<String>] = [:]
        for row in rows(in: text, under: "Modules") where row.count == 3 {
            let uses = row[2].split { $0 == "," || $0 == ";" }.map { $0.trimmed }
            modules[row[0].replacing("`", with: "")] = Set(uses.filter { $0 != "–" && !$0.isEmpty })
        }
        return modules
    }
}

extension Substring {
    /// The text without blanks at either end.
    var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
