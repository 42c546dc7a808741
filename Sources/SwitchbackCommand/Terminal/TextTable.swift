/// Columns of text, aligned: numbers to the right, words to the left.
struct TextTable {
    let header: [String]
    var rows: [[String]] = []
    let rightAligned: Set<Int>

    init(_ header: [String], rightAligned: Set<Int>) {
        self.header = header
        self.rightAligned = rightAligned
    }

    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[column] - cell.count)
            line += column > 0 ? "  " : ""
            line += rightAligned.contains(column) ? space + cell : cell + space
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
