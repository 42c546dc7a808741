import Foundation
import ONNXSchema

/// Reads the tensors of a file: dimensions, raw, typed or external data, checked against one another before anything
/// is allocated.
struct TensorReader {
    let limits: ONNXLimits
    let external: ExternalData

    /// The tensor's values, floats of every width as `Float`.
    func constant(_ tensor: Onnx_TensorProto) throws(ONNXError) -> Constant {
        let name = tensor.name
        guard let type = ElementType(rawValue: tensor.dataType) else {
            throw .invalidTensor(
                tensor: name, found: "elements of type \(ElementType.name(of: tensor.dataType))",
                expected: ElementType.supportedNames)
        }
        guard !tensor.hasSegment else {
            throw .invalidTensor(tensor: name, found: "a segment of a tensor", expected: "a whole one")
        }
        let dimensions = try dimensions(of: tensor)
        let count = dimensions.reduce(1, *)
        if tensor.dataLocation == .external {
            let bytes = try external.bytes(of: tensor, count: count * type.byteCount)
            return Constant(dimensions: dimensions, elements: Self.decoded(bytes, type))
        }
        if tensor.hasRawData {
            return try raw(tensor, type, dimensions)
        }
        return Constant(dimensions: dimensions, elements: try typed(tensor, type, count))
    }

    /// The dimensions, each at least 0, their product within the limit.
    private func dimensions(of tensor: Onnx_TensorProto) throws(ONNXError) -> [Int] {
        guard tensor.dims.count <= 8 else {
            throw .invalidTensor(tensor: tensor.name, found: "\(tensor.dims.count) dimensions", expected: "at most 8")
        }
        var product = 1
        for dimension in tensor.dims {
            guard dimension >= 0 else {
                throw .invalidTensor(
                    tensor: tensor.name, found: "dimensions \(tensor.dims)", expected: "no negative dimension")
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: max(1, Int(dimension)))
            guard !overflow, next <= limits.maximumWeights else {
                throw .limitExceeded(
                    what: "elements of tensor '\(tensor.name)' of dimensions \(tensor.dims)",
                    found: overflow ? .max : next, allowed: limits.maximumWeights)
            }
            product = next
        }
        return tensor.dims.map { Int($0) }
    }

    private func raw(
        _ tensor: Onnx_TensorProto, _ type: ElementType, _ dimensions: [Int]
    ) throws(ONNXError) -> Constant {
        let needed = dimensions.reduce(1, *) * type.byteCount
        guard tensor.rawData.count == needed else {
            throw .invalidTensor(
                tensor: tensor.name, found: "\(tensor.rawData.count) bytes of data",
                expected: "\(needed) for \(ElementType.name(of: type.rawValue)) \(dimensions)")
        }
        return Constant(dimensions: dimensions, elements: Self.decoded([UInt8](tensor.rawData), type))
    }

    /// Little-endian elements, as ONNX prescribes for raw data.
    private static func decoded(_ bytes: [UInt8], _ type: ElementType) -> Constant.Elements {
        let width = type.byteCount
        let count = bytes.count / width
        if type == .float {
            return .floats(
                (0..<count).map { index in
                    let at = index * 4
                    let low = UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8
                    return Float(bitPattern: low | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24)
                })
        }
        func pattern(_ index: Int) -> UInt64 {
            (0..<width).reduce(0) { $0 | UInt64(bytes[index * width + $1]) << UInt64(8 * $1) }
        }
        if type.isFloatingPoint {
            return .floats((0..<count).map { type.float(pattern($0)) })
        }
        // A 64-bit number without a sign that is out of range stands for "to the end" where exporters write it.
        return .integers((0..<count).map { type.integer(pattern($0)) ?? .max })
    }

    /// The elements of the field that ONNX prescribes for the type; narrow types share the 32-bit field.
    private func typed(
        _ tensor: Onnx_TensorProto, _ type: ElementType, _ count: Int
    ) throws(ONNXError) -> Constant.Elements {
        let elements: Constant.Elements
        switch type {
        case .float: elements = .floats(tensor.floatData)
        case .double: elements = .floats(tensor.doubleData.map { Float($0) })
        case .float16, .bfloat16:
            elements = .floats(tensor.int32Data.map { type.float(UInt64(UInt32(bitPattern: $0))) })
        case .int64: elements = .integers(tensor.int64Data)
        case .uint32, .uint64: elements = .integers(tensor.uint64Data.map { type.integer($0) ?? .max })
        default: elements = .integers(tensor.int32Data.map { type.integer(UInt64(bitPattern: Int64($0))) ?? .max })
        }
        let found =
            switch elements {
            case .floats(let values): values.count
            case .integers(let values): values.count
            }
        guard found == count else {
            throw .invalidTensor(
                tensor: tensor.name, found: "\(found) elements of \(ElementType.name(of: type.rawValue))",
                expected: "\(count) for dimensions \(tensor.dims)")
        }
        return elements
    }
}
