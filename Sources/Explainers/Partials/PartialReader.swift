/// Takes numbers from bytes that ``PartialWriter`` put together; what is missing, left over or out of range is an error.
struct PartialReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func integer() throws(ExplainersError) -> Int { Int(Int32(bitPattern: try bits())) }

    /// An integer in `range`.
    mutating func integer(in range: Range<Int>) throws(ExplainersError) -> Int {
        let value = try integer()
        guard range.contains(value) else { throw .malformedPartial("\(value) is not in \(range)") }
        return value
    }

    mutating func float() throws(ExplainersError) -> Float { Float(bitPattern: try bits()) }

    /// As many floats as there must be.
    mutating func floats(count: Int) throws(ExplainersError) -> [Float] {
        try expectCount(count)
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try float()) }
        return values
    }

    /// As many integers as there must be.
    mutating func integers(count: Int, in range: Range<Int>) throws(ExplainersError) -> [Int32] {
        try expectCount(count)
        var values: [Int32] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(Int32(try integer(in: range))) }
        return values
    }

    /// Throws unless everything has been read.
    func finish() throws(ExplainersError) {
        if position != bytes.count { throw .malformedPartial("\(bytes.count - position) bytes are left over") }
    }

    private mutating func expectCount(_ count: Int) throws(ExplainersError) {
        let written = try integer()
        guard written == count, bytes.count - position >= 4 * count else {
            throw .malformedPartial("\(written) values in \(bytes.count - position) bytes instead of \(count)")
        }
    }

    private mutating func bits() throws(ExplainersError) -> UInt32 {
        guard bytes.count - position >= 4 else { throw .malformedPartial("it ends after \(bytes.count) bytes") }
        defer { position += 4 }
        return UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
            | UInt32(bytes[position + 3]) << 24
    }
}
