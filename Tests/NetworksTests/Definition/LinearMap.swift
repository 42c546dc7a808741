/// A dense matrix in double precision: what one operation does to one of its inputs, written out.
struct LinearMap {
    let rows: Int
    let columns: Int
    private var entries: [Double]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        entries = Array(repeating: 0, count: rows * columns)
    }

    static func identity(_ size: Int, times factor: Double = 1) -> LinearMap {
        var map = LinearMap(rows: size, columns: size)
        for k in 0..<size { map[k, k] = factor }
        return map
    }

    subscript(row: Int, column: Int) -> Double {
        get { entries[row * columns + column] }
        set { entries[row * columns + column] = newValue }
    }

    /// A x.
    func applied(to vector: [Double]) -> [Double] {
        precondition(vector.count == columns, "\(vector.count) values for \(columns) columns")
        var result = [Double](repeating: 0, count: rows)
        for row in 0..<rows {
            var sum = 0.0
            for column in 0..<columns { sum += entries[row * columns + column] * vector[column] }
            result[row] = sum
        }
        return result
    }

    /// Aᵀ r.
    func transposed(appliedTo vector: [Double]) -> [Double] {
        precondition(vector.count == rows, "\(vector.count) values for \(rows) rows")
        var result = [Double](repeating: 0, count: columns)
        for row in 0..<rows where vector[row] != 0 {
            for column in 0..<columns { result[column] += entries[row * columns + column] * vector[row] }
        }
        return result
    }

    /// The column that each row's only 1 stands in: the switches, where the map is a selection.
    var selected: [Int] {
        (0..<rows).map { row in (0..<columns).first { entries[row * columns + $0] == 1 } ?? -1 }
    }
}
