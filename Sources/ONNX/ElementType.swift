import ONNXSchema

/// The element types that tensors in a file may have, with the bytes of one element in raw data.
///
/// Numbers are those of `TensorProto.DataType`; the types of later releases (8-bit floats, 4-bit integers) are left out
/// with complex numbers and strings.
enum ElementType: Int32, CaseIterable {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float16 = 10
    case double = 11
    case uint32 = 12
    case uint64 = 13
    case bfloat16 = 16

    var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .float, .int32, .uint32: 4
        case .int64, .uint64, .double: 8
        }
    }

    var isFloatingPoint: Bool {
        switch self {
        case .float, .float16, .double, .bfloat16: true
        default: false
        }
    }

    /// The float that the low bits of `pattern` stand for.
    func float(_ pattern: UInt64) -> Float {
        switch self {
        case .float16: Float(Float16(bitPattern: UInt16(truncatingIfNeeded: pattern)))
        case .bfloat16: Float(bitPattern: UInt32(truncatingIfNeeded: pattern) << 16)
        case .double: Float(Double(bitPattern: pattern))
        default: Float(bitPattern: UInt32(truncatingIfNeeded: pattern))
        }
    }

    /// The integer that the low bits of `pattern` stand for, `nil` above what 64 bits with a sign can hold.
    func integer(_ pattern: UInt64) -> Int64? {
        switch self {
        case .bool: pattern & 0xFF == 0 ? 0 : 1
        case .uint8: Int64(UInt8(truncatingIfNeeded: pattern))
        case .int8: Int64(Int8(truncatingIfNeeded: pattern))
        case .uint16: Int64(UInt16(truncatingIfNeeded: pattern))
        case .int16: Int64(Int16(truncatingIfNeeded: pattern))
        case .int32: Int64(Int32(truncatingIfNeeded: pattern))
        case .uint32: Int64(UInt32(truncatingIfNeeded: pattern))
        case .uint64: Int64(exactly: pattern)
        default: Int64(bitPattern: pattern)
        }
    }

    /// The name ONNX gives the number, supported or not.
    static func name(of number: Int32) -> String {
        let names = [
            "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16",
            "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ",
            "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1",
        ]
        return names.indices.contains(Int(number)) ? names[Int(number)] : "type \(number)"
    }

    static var supportedNames: String {
        allCases.map { name(of: $0.rawValue) }.joined(separator: ", ")
    }
}
