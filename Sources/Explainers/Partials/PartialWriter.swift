internal import Tensors

/// Puts numbers together as bytes: 32-bit little-endian integers, and floats as the same with their bits.
struct PartialWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: Int) {
        precondition(Int32(exactly: value) != nil, "\(value) does not fit into 32 bits")
        write(bits: UInt32(bitPattern: Int32(truncatingIfNeeded: value)))
    }

    mutating func write(_ value: Float) { write(bits: value.bitPattern) }

    /// The count, then the values.
    mutating func write(_ values: [Float]) {
        write(values.count)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { write(value) }
    }

    /// The count, then the values.
    mutating func write(_ values: [Int32]) {
        write(values.count)
        for value in values { write(bits: UInt32(bitPattern: value)) }
    }

    private mutating func write(bits: UInt32) {
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
}
