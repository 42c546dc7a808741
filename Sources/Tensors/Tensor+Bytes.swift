extension Tensor {
    /// The values in row-major order, four little-endian bytes each.
    public var littleEndianBytes: [UInt8] { littleEndianBytes(behind: []) }

    /// The same behind other bytes, such as a file's header, without a copy of either.
    func littleEndianBytes(behind prefix: [UInt8]) -> [UInt8] {
        let (size, start) = (MemoryLayout<Float>.size, prefix.count)
        // SAFETY: values is valid within its closure, target has room for the prefix and count · 4 bytes, and every
        // position written is below that; exactly that many are initialised.
        return unsafe withUnsafeValues { values in
            unsafe [UInt8](unsafeUninitializedCapacity: start + count * size) { target, initialized in
                let raw = UnsafeMutableRawBufferPointer(target)
                unsafe raw.copyBytes(from: prefix)
                for index in 0..<count {
                    let bits = unsafe values[index].bitPattern.littleEndian
                    unsafe raw.storeBytes(of: bits, toByteOffset: start + index * size, as: UInt32.self)
                }
                initialized = start + count * size
            }
        }
    }

    /// A tensor of the values whose little-endian bytes these are; there must be four a value.
    public init(shape: Shape, littleEndianBytes bytes: ArraySlice<UInt8>) {
        let size = MemoryLayout<Float>.size
        precondition(bytes.count / size == shape.count && bytes.count % size == 0, "\(bytes.count) bytes for \(shape)")
        // SAFETY: both buffers are valid within their closures; index · 4 + 4 is at most bytes.count, checked above.
        unsafe self.init(shape: shape) { target in
            unsafe bytes.withUnsafeBytes { raw in
                for index in 0..<shape.count {
                    let bits = unsafe raw.loadUnaligned(fromByteOffset: index * size, as: UInt32.self)
                    unsafe target[index] = Float(bitPattern: UInt32(littleEndian: bits))
                }
            }
        }
    }
}
