import Switchback
import Tensors

/// Arrays in JSON: base64 of little-endian values with shape and type, or nested lists of numbers.
struct ArrayDocument {
    let encoding: ArrayEncoding

    /// `tensor` as `{"shape", "dtype": "float32", "data"}` or nested lists.
    func json(_ tensor: Tensor) -> JSON {
        switch encoding {
        case .base64: packed(tensor.shape, "float32", tensor.values.map(\.bitPattern))
        case .nested: nested(tensor.shape.dimensions[...], tensor.values[...]) { JSON.number($0) }
        }
    }

    /// `indices` as `{"shape", "dtype": "int32", "data"}` or nested lists.
    func json(_ indices: IndexTensor) -> JSON {
        switch encoding {
        case .base64: packed(indices.shape, "int32", indices.values.map(UInt32.init(bitPattern:)))
        case .nested: nested(indices.shape.dimensions[...], indices.values[...]) { JSON.integer(Int($0)) }
        }
    }

    private func packed(_ shape: Shape, _ type: String, _ words: [UInt32]) -> JSON {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 4)
        for word in words {
            bytes.append(UInt8(truncatingIfNeeded: word))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
            bytes.append(UInt8(truncatingIfNeeded: word >> 16))
            bytes.append(UInt8(truncatingIfNeeded: word >> 24))
        }
        return .members([
            "shape": .array(shape.dimensions.map(JSON.integer)), "dtype": .string(type),
            "data": .string(Base64.encode(bytes)),
        ])
    }

    private func nested<Value>(
        _ dimensions: ArraySlice<Int>, _ values: ArraySlice<Value>, _ json: (Value) -> JSON
    ) -> JSON {
        guard let count = dimensions.first else { return values.first.map(json) ?? .null }
        guard dimensions.count > 1 else { return .array(values.map(json)) }
        let stride = count == 0 ? 0 : values.count / count
        return .array(
            (0..<count).map { index in
                let start = values.startIndex + index * stride
                return nested(dimensions.dropFirst(), values[start..<start + stride], json)
            })
    }
}
