/// 32-bit integers in row-major order, such as the most probable class at each position.
public struct IndexTensor: Sendable, Equatable {
    /// The sizes of the axes, outermost first.
    public let shape: Shape
    /// All values in row-major order.
    public let values: [Int32]

    /// A tensor of these values in row-major order; there must be as many as the shape says.
    public init(shape: Shape, values: [Int32]) {
        precondition(values.count == shape.count, "\(values.count) values for a tensor of shape \(shape)")
        self.shape = shape
        self.values = values
    }

    /// The values in row-major order, four little-endian bytes each.
    public var littleEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 4)
        for value in values {
            let bits = UInt32(bitPattern: value)
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        return bytes
    }
}
