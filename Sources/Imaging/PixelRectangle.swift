/// Rows `y0` up to but not including `y1`, columns `x0` up to but not including `x1`, in pixels.
public struct PixelRectangle: Hashable, Sendable {
    /// The first row.
    public let y0: Int
    /// The first column.
    public let x0: Int
    /// The row behind the last.
    public let y1: Int
    /// The column behind the last.
    public let x1: Int

    /// A rectangle.
    ///
    /// Traps where an end lies before its beginning.
    public init(y0: Int, x0: Int, y1: Int, x1: Int) {
        precondition(y0 <= y1 && x0 <= x1, "rectangle from (\(y0), \(x0)) to (\(y1), \(x1))")
        self.y0 = y0
        self.x0 = x0
        self.y1 = y1
        self.x1 = x1
    }

    /// Rows covered.
    public var height: Int { y1 - y0 }
    /// Columns covered.
    public var width: Int { x1 - x0 }
}
