/// A rectangle of a map, end-exclusive; one of what a window reads may reach into the padding around the map.
public struct MapRectangle: Hashable, Sendable {
    /// Its rows.
    public var rows: Range<Int>
    /// Its columns.
    public var columns: Range<Int>

    /// A rectangle of these rows and columns.
    public init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// A rectangle without positions.
    public static let empty = MapRectangle(rows: 0..<0, columns: 0..<0)

    /// Whether there is no position in it.
    public var isEmpty: Bool { rows.isEmpty || columns.isEmpty }

    /// The number of its positions.
    public var count: Int { rows.count * columns.count }

    /// The smallest rectangle that holds both.
    public func union(_ other: MapRectangle) -> MapRectangle {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return MapRectangle(
            rows: min(rows.lowerBound, other.rows.lowerBound)..<max(rows.upperBound, other.rows.upperBound),
            columns: min(
                columns.lowerBound, other.columns.lowerBound)..<max(
                    columns.upperBound, other.columns.upperBound))
    }

    /// The smallest rectangle of a map of that size that holds this one, with all of every square of `side` positions, counted
    /// from the map's corner, that it has a position of.
    public func grown(toMultiplesOf side: Int, height: Int, width: Int) -> MapRectangle {
        if isEmpty { return .empty }
        func grown(_ range: Range<Int>, _ size: Int) -> Range<Int> {
            range.lowerBound / side * side..<min(size, (range.upperBound + side - 1) / side * side)
        }
        return MapRectangle(rows: grown(rows, height), columns: grown(columns, width))
    }

    /// Whether every position of the other is in this one.
    public func contains(_ other: MapRectangle) -> Bool {
        other.isEmpty
            || (rows.lowerBound <= other.rows.lowerBound && rows.upperBound >= other.rows.upperBound
                && columns.lowerBound <= other.columns.lowerBound && columns.upperBound >= other.columns.upperBound)
    }
}

extension WindowGeometry {
    /// The outputs whose windows span any position of a rectangle of a map of that size.
    public func outputs(touching inputs: MapRectangle, height: Int, width: Int) -> MapRectangle {
        if inputs.isEmpty { return .empty }
        return MapRectangle(
            rows: outputRows(touching: inputs.rows, height: height),
            columns: outputColumns(touching: inputs.columns, width: width))
    }

    /// The positions that the windows of a rectangle of outputs span, those in the padding included.
    public func span(of outputs: MapRectangle) -> MapRectangle {
        if outputs.isEmpty { return .empty }
        return MapRectangle(
            rows: vertical.span(of: outputs.rows), columns: horizontal.span(of: outputs.columns))
    }

    /// The positions within a map of that size that the windows of a rectangle of outputs span.
    public func inputs(of outputs: MapRectangle, height: Int, width: Int) -> MapRectangle {
        MapRectangle(
            rows: inputRows(of: outputs.rows, height: height), columns: inputColumns(of: outputs.columns, width: width))
    }
}

extension WindowAxis {
    /// What windows span, in the padding too.
    func span(of outputs: Range<Int>) -> Range<Int> {
        start(of: outputs.lowerBound)..<start(of: outputs.upperBound - 1) + span
    }
}
