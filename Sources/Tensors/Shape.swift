/// The sizes of a tensor's axes, outermost first; `[channels, height, width]` for one feature-map stack.
public struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
    /// The size of each axis, outermost first; each is at least 0.
    public let dimensions: [Int]
    /// The number of elements: the product of the dimensions, 1 for a scalar (no axes).
    public let count: Int

    /// A shape of these dimensions.
    ///
    /// Each must be at least 0 and their product must fit an `Int` (also without the zeros among them); sizes that
    /// come from outside are asked with ``elementCount(of:)`` first.
    public init(_ dimensions: [Int]) {
        guard let count = Shape.elementCount(of: dimensions) else {
            preconditionFailure("a shape of \(dimensions): sizes must be at least 0 and their product fit an Int")
        }
        self.dimensions = dimensions
        self.count = count
    }

    /// A shape of these dimensions.
    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The size of one axis, which must exist.
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// The dimensions as text, `[3, 227, 227]`.
    public var description: String { "\(dimensions)" }

    /// The product of the dimensions, or nil if one is negative or the product of those above 0 overflows an `Int`.
    public static func elementCount(of dimensions: [Int]) -> Int? {
        var product = 1
        var isEmpty = false
        for size in dimensions {
            if size < 0 { return nil }
            if size == 0 {
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return isEmpty ? 0 : product
    }
}
