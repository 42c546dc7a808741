/// What one element of an NPY file is, and how its bytes become a 32-bit float.
enum NPYElement: Equatable {
    case float16(ByteOrder)
    case float32(ByteOrder)
    case float64(ByteOrder)
    case signed(size: Int, ByteOrder)
    case unsigned(size: Int, ByteOrder)
    case boolean

    enum ByteOrder { case little, big }

    /// The type that a `descr` such as `<f4` or `|u1` names; throws for one that is not read.
    init(descriptor: String) throws(NPYError) {
        // By bytes: other digits than ASCII's have a whole number's value too.
        let characters = descriptor.utf8.map { Unicode.Scalar($0) }
        guard characters.count == 3, let size = Int(String(characters[2])) else {
            throw .unsupportedType(found: descriptor)
        }
        let order: ByteOrder
        switch characters[0] {
        case "<": order = .little
        case ">": order = .big
        case "|" where size == 1: order = .little
        default: throw .unsupportedType(found: descriptor)
        }
        switch (characters[1], size) {
        case ("f", 2): self = .float16(order)
        case ("f", 4): self = .float32(order)
        case ("f", 8): self = .float64(order)
        case ("i", 1), ("i", 2), ("i", 4), ("i", 8): self = .signed(size: size, order)
        case ("u", 1), ("u", 2), ("u", 4), ("u", 8): self = .unsigned(size: size, order)
        case ("b", 1): self = .boolean
        default: throw .unsupportedType(found: descriptor)
        }
    }

    /// The bytes of one element.
    var size: Int {
        switch self {
        case .boolean: 1
        case .float16: 2
        case .float32: 4
        case .float64: 8
        case .signed(let size, _), .unsigned(let size, _): size
        }
    }

    /// The elements in `data`, whose length is a multiple of ``size``, each as the nearest 32-bit float.
    func floats(in data: ArraySlice<UInt8>) -> [Float] {
        switch self {
        case .boolean: return data.map { $0 == 0 ? 0 : 1 }
        case .float16(let order): return map(data, order) { NPYElement.float(half: UInt16(truncatingIfNeeded: $0)) }
        case .float32(let order): return map(data, order) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
        case .float64(let order): return map(data, order) { Float(Double(bitPattern: $0)) }
        case .unsigned(_, let order): return map(data, order) { Float($0) }
        case .signed(let size, let order):
            let shift = UInt64(64 - 8 * size)
            return map(data, order) { Float(Int64(bitPattern: $0 << shift) >> Int64(shift)) }
        }
    }

    private func map(_ data: ArraySlice<UInt8>, _ order: ByteOrder, _ convert: (UInt64) -> Float) -> [Float] {
        let size = self.size
        var result: [Float] = []
        result.reserveCapacity(data.count / size)
        for start in stride(from: data.startIndex, to: data.endIndex, by: size) {
            var bits: UInt64 = 0
            for offset in 0..<size {
                let shift = UInt64(8 * (order == .little ? offset : size - 1 - offset))
                bits |= UInt64(data[start + offset]) << shift
            }
            result.append(convert(bits))
        }
        return result
    }

    /// The value of a 16-bit float (IEEE 754 binary16), exactly.
    static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: magnitude.bitPattern | sign)
        case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
