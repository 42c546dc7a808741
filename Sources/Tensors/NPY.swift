/// Reads and writes NumPy's array files (numpy.lib.format, versions 1.0, 2.0 and 3.0).
public enum NPY {
    /// The longest header that is read, in bytes: what NumPy itself takes from a file it does not trust.
    public static let maximumHeaderBytes = 10_000
    /// The most axes that are read, as in NumPy 1.
    public static let maximumRank = 32

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// The tensor in an NPY file, as 32-bit floats in row-major order.
    ///
    /// Floats of 16, 32 and 64 bits, integers of 8 to 64 bits and booleans are read, in either byte order and in C or
    /// Fortran order; values become the nearest 32-bit float. Throws for anything else, for more than
    /// `maximumElements` elements, and for a file that is longer or shorter than its header says. Nothing is
    /// allocated before the sizes have been checked against the bytes that are there.
    public static func decode(_ bytes: [UInt8], maximumElements: Int = 1 << 26) throws(NPYError) -> Tensor {
        let (text, start) = try headerText(of: bytes)
        let header = try NPYHeader(parsing: text)
        let element = try NPYElement(descriptor: header.descriptor)
        let shape = try checkedShape(header.shape, maximumElements: maximumElements)
        let available = bytes.count - start
        guard available % element.size == 0, available / element.size == shape.count else {
            throw .dataLength(shape: shape.dimensions, elementSize: element.size, found: available)
        }
        let data = bytes[start...]
        if element == .float32(.little), !header.isFortranOrder {
            return Tensor(shape: shape, littleEndianBytes: data)
        }
        let values = element.floats(in: data)
        let ordered = header.isFortranOrder ? rowMajor(values, shape: shape) : values
        return Tensor(shape: shape, values: ordered)
    }

    /// The tensor as an NPY file: version 1.0, `<f4`, C order, data aligned to 64 bytes.
    public static func encode(_ tensor: Tensor) -> [UInt8] {
        tensor.littleEndianBytes(behind: header(descriptor: "<f4", shape: tensor.shape))
    }

    /// The tensor as an NPY file: version 1.0, `<i4`, C order, data aligned to 64 bytes.
    public static func encode(_ tensor: IndexTensor) -> [UInt8] {
        header(descriptor: "<i4", shape: tensor.shape) + tensor.littleEndianBytes
    }

    private static func headerText(of bytes: [UInt8]) throws(NPYError) -> (text: ArraySlice<UInt8>, dataStart: Int) {
        guard bytes.starts(with: magic) else { throw .notNPY(found: Array(bytes.prefix(magic.count))) }
        guard bytes.count >= 8 else { throw .truncatedHeader(expected: 8, found: bytes.count) }
        let version = (major: Int(bytes[6]), minor: Int(bytes[7]))
        guard (1...3).contains(version.major), version.minor == 0 else {
            throw .unsupportedVersion(major: version.major, minor: version.minor)
        }
        let lengthBytes = version.major == 1 ? 2 : 4
        let textStart = 8 + lengthBytes
        guard bytes.count >= textStart else { throw .truncatedHeader(expected: textStart, found: bytes.count) }
        let length = bytes[8..<textStart].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumHeaderBytes else { throw .headerTooLong(found: length, maximum: maximumHeaderBytes) }
        guard bytes.count - textStart >= length else {
            throw .truncatedHeader(expected: textStart + length, found: bytes.count)
        }
        return (bytes[textStart..<textStart + length], textStart + length)
    }

    private static func checkedShape(_ sizes: [Int], maximumElements: Int) throws(NPYError) -> Shape {
        // Empty arrays too must have axes within the limit, so that nothing further on overflows.
        guard sizes.allSatisfy({ $0 <= maximumElements }), let count = Shape.elementCount(of: sizes),
            count <= maximumElements
        else { throw .tooManyElements(shape: sizes, maximum: maximumElements) }
        return Shape(sizes)
    }

    /// The values of a file in Fortran order (first axis fastest) in row-major order.
    private static func rowMajor(_ values: [Float], shape: Shape) -> [Float] {
        var strides: [Int] = []
        var stride = 1
        for size in shape.dimensions {
            strides.append(stride)
            stride *= size
        }
        var index = [Int](repeating: 0, count: shape.rank)
        var source = 0
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for _ in 0..<values.count {
            result.append(values[source])
            var axis = shape.rank - 1
            while axis >= 0 {
                index[axis] += 1
                source += strides[axis]
                if index[axis] < shape[axis] { break }
                source -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return result
    }

    private static func header(descriptor: String, shape: Shape) -> [UInt8] {
        let sizes = shape.dimensions.map(String.init).joined(separator: ", ")
        let tuple = shape.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
        var text = Array("{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
        let prefix = magic.count + 4
        while (prefix + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
        text.append(UInt8(ascii: "\n"))
        precondition(text.count <= Int(UInt16.max), "a shape of \(shape.rank) axes does not fit an NPY 1.0 header")
        return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
    }
}
