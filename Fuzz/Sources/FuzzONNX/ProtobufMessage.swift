/// A message in the Protocol Buffers wire format, field by field.
struct ProtobufMessage {
    /// The message's bytes so far.
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, _ value: Int) {
        append(varint: UInt64(field << 3))
        append(varint: UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, _ value: Float) {
        append(varint: UInt64(field << 3 | 5))
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
    }

    mutating func add(_ field: Int, _ value: [UInt8]) {
        append(varint: UInt64(field << 3 | 2))
        append(varint: UInt64(value.count))
        bytes += value
    }

    mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

    mutating func add(_ field: Int, _ build: (inout ProtobufMessage) -> Void) {
        var message = ProtobufMessage()
        build(&message)
        add(field, message.bytes)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
