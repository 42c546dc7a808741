/// A matrix in double precision: what one operation does to one of its inputs, written out entry by entry.
///
/// Entries that are nowhere set are 0 and are not stored.
struct LinearMap {
    let columns: Int
    private(set) var entries: [[(column: Int, value: Double)]]

    var rows: Int { entries.count }

    init(rows: Int, columns: Int) {
        self.columns = columns
        entries = Array(repeating: [], count: rows)
    }

    static func identity(_ size: Int) -> LinearMap {
        var map = LinearMap(rows: size, columns: size)
        for k in 0..<size { map.set(k, k, 1) }
        return map
    }

    /// Sets an entry that has not been set.
    mutating func set(_ row: Int, _ column: Int, _ value: Double) {
        precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
        entries[row].append((column, value))
    }

    /// A x.
    func applied(to vector: [Double]) -> [Double] {
        precondition(vector.count == columns, "\(vector.count) values for \(columns) columns")
        return entries.map { row in row.reduce(0) { $0 + $1.value * vector[$1.column] } }
    }

    /// Aᵀ r.
    func transposed(appliedTo vector: [Double]) -> [Double] {
        precondition(vector.count == rows, "\(vector.count) values for \(rows) rows")
        var result = [Double](repeating: 0, count: columns)
        for (row, factor) in zip(entries, vector) {
            for entry in row { result[entry.column] += entry.value * factor }
        }
        return result
    }

    /// The column of each row's only entry: the switches, where the map is a selection.
    var selected: [Int] { entries.map { $0.first?.column ?? -1 } }
}
