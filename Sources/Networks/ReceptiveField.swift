package import Kernels

/// What part of the network's input the units of a layer see: the union over all paths.
public struct ReceptiveField: Hashable, Sendable {
    /// What each row of units sees, and how far.
    package let rows: FieldAxis
    /// What each column of units sees, and how far.
    package let columns: FieldAxis

    /// Rows that a unit far from the border sees, those without a tap in a dilated window included.
    ///
    /// Behind global pooling or a dense layer it is the whole input, as are `width` and the strides.
    public var height: Int { rows.size }
    /// Columns that a unit far from the border sees.
    public var width: Int { columns.size }
    /// Rows of the input from one unit to the next.
    public var strideY: Int { rows.stride }
    /// Columns of the input from one unit to the next.
    public var strideX: Int { columns.stride }

    /// The smallest rectangle of the input that holds all that the unit at (y, x) sees.
    ///
    /// It is clipped to the input, end-exclusive, and exact: pixels that a stride skips at the border are not in it.
    /// Empty for a unit that sees nothing but padding. Precondition: the layer has a unit there.
    public func rectangle(y: Int, x: Int) -> InputRectangle {
        precondition(rows.ranges.indices.contains(y), "unit row \(y) of \(rows.ranges.count)")
        precondition(columns.ranges.indices.contains(x), "unit column \(x) of \(columns.ranges.count)")
        return InputRectangle(rows: rows.ranges[y], columns: columns.ranges[x])
    }

    /// The smallest rectangle of the input that holds all that any unit sees.
    public var whole: InputRectangle { InputRectangle(rows: rows.union, columns: columns.union) }
}

/// A rectangle of the network's input, end-exclusive: rows `top` … `bottom` − 1, columns `left` … `right` − 1.
public struct InputRectangle: Hashable, Sendable {
    /// The first row.
    public let top: Int
    /// The first column.
    public let left: Int
    /// The row behind the last.
    public let bottom: Int
    /// The column behind the last.
    public let right: Int

    init(rows: Range<Int>, columns: Range<Int>) {
        (top, bottom, left, right) = (rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }

    /// Its number of rows.
    public var height: Int { bottom - top }
    /// Its number of columns.
    public var width: Int { right - left }
}

/// How a layer's units look at the layer before.
package enum LayerReach: Sendable {
    /// Each at its own position.
    case position
    /// Each through a window.
    case window(WindowGeometry)
    /// Each at everything.
    case everything
}

extension ReceptiveField {
    /// The field of a pixel: itself.
    static func input(height: Int, width: Int) -> ReceptiveField {
        ReceptiveField(rows: FieldAxis(input: height), columns: FieldAxis(input: width))
    }

    /// The field of a layer that reads layers with these fields.
    static func behind(_ fields: [ReceptiveField], reach: LayerReach, height: Int, width: Int) -> ReceptiveField {
        let seen = fields.map { field in
            ReceptiveField(
                rows: field.rows.behind(reach, vertical: true, count: height),
                columns: field.columns.behind(reach, vertical: false, count: width))
        }
        return seen.dropFirst().reduce(seen[0]) { union, field in
            ReceptiveField(rows: union.rows.union(field.rows), columns: union.columns.union(field.columns))
        }
    }
}
