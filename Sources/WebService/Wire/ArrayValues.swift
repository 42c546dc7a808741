public import Tensors

/// The values of an array that an answer holds, for the writer to read one by one.
public enum ArrayValues: Equatable, Sendable {
    /// 32-bit floats.
    case floats(Tensor)
    /// 32-bit whole numbers.
    case indices(IndexTensor)

    /// The array's axes.
    var shape: Shape {
        switch self {
        case .floats(let tensor): tensor.shape
        case .indices(let tensor): tensor.shape
        }
    }

    /// How many values it has.
    var count: Int { shape.count }

    /// The type of its values by NumPy's name.
    var type: String {
        switch self {
        case .floats: "float32"
        case .indices: "int32"
        }
    }

    /// Appends the values at these places in row-major order, four little-endian bytes each.
    func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        switch self {
        case .floats(let tensor): for index in range { bytes.append(word: tensor[flat: index].bitPattern) }
        case .indices(let tensor): for index in range { bytes.append(word: UInt32(bitPattern: tensor.values[index])) }
        }
    }

    /// The value there as a number in JSON.
    func number(at index: Int) -> JSON {
        switch self {
        case .floats(let tensor): .number(tensor[flat: index])
        case .indices(let tensor): .integer(Int(tensor.values[index]))
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt32) {
        append(UInt8(truncatingIfNeeded: word))
        append(UInt8(truncatingIfNeeded: word >> 8))
        append(UInt8(truncatingIfNeeded: word >> 16))
        append(UInt8(truncatingIfNeeded: word >> 24))
    }
}

extension JSONWriter {
    /// Values at a time: their bytes are whole groups of three, so that the pieces of base64 join.
    private static let pieceValues = 3 << 10

    /// Writes the values as a string of base64, little-endian.
    mutating func write(packed values: ArrayValues) {
        bytes.append(UInt8(ascii: "\""))
        var piece: [UInt8] = []
        piece.reserveCapacity(Self.pieceValues * 4)
        for start in stride(from: 0, to: values.count, by: Self.pieceValues) {
            piece.removeAll(keepingCapacity: true)
            values.append(start..<min(values.count, start + Self.pieceValues), to: &piece)
            bytes.append(contentsOf: Base64.encode(piece).utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the values as lists in lists.
    mutating func write(nested values: ArrayValues) {
        var next = 0
        write(values, axis: 0, &next)
    }

    private mutating func write(_ values: ArrayValues, axis: Int, _ next: inout Int) {
        guard axis < values.shape.rank else {
            write(values.number(at: next))
            next += 1
            return
        }
        bytes.append(UInt8(ascii: "["))
        for index in 0..<values.shape[axis] {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(values, axis: axis + 1, &next)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
