/// 32-bit floats in row-major order on 64-byte aligned storage: a value, copied when a shared one is written.
///
/// `==` compares shapes and values as floats do (NaN differs from itself, 0 equals −0); ``isIdentical(to:)`` compares
/// bits.
public struct Tensor: Sendable {
    /// The sizes of the axes, outermost first.
    public let shape: Shape
    private var storage: AlignedStorage

    private init(shape: Shape, storage: AlignedStorage) {
        self.shape = shape
        self.storage = storage
    }

    /// A tensor that holds `repeating` everywhere.
    public init(shape: Shape, repeating value: Float = 0) {
        self.init(shape: shape, storage: AlignedStorage(count: shape.count, zeroed: value.bitPattern == 0))
        if value.bitPattern == 0 { return }
        // SAFETY: the buffer is valid within the closure and all of it is written.
        unsafe withUnsafeMutableValues { values in unsafe values.update(repeating: value) }
    }

    /// A tensor of these values in row-major order; there must be as many as the shape says.
    public init(shape: Shape, values: [Float]) {
        precondition(values.count == shape.count, "\(values.count) values for a tensor of shape \(shape)")
        self.init(shape: shape, storage: AlignedStorage(count: shape.count, zeroed: false))
        // SAFETY: the buffer has shape.count elements, as many as values.
        unsafe withUnsafeMutableValues { target in _ = unsafe target.update(fromContentsOf: values) }
    }

    /// A tensor whose values `body` writes; they are 0 before.
    ///
    /// The buffer is 64-byte aligned, has `shape.count` elements and must not be used after `body` returns.
    public init<Failure: Error>(
        shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        self.init(shape: shape, storage: AlignedStorage(count: shape.count))
        // SAFETY: the body gets a buffer that covers the new storage and is valid during the call.
        try unsafe withUnsafeMutableValues(body)
    }

    /// The number of values.
    public var count: Int { shape.count }

    /// The value at one index per axis, each of which must be within its axis.
    public subscript(_ index: Int...) -> Float {
        get { self[flat: offset(of: index)] }
        set { self[flat: offset(of: index)] = newValue }
    }

    /// The value at a row-major position in `0 ..< count`.
    public subscript(flat index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "value \(index) of a tensor of \(count)")
            // SAFETY: the storage is alive while self is, and the index was checked above.
            return unsafe storage.base[index]
        }
        set {
            precondition(index >= 0 && index < count, "value \(index) of a tensor of \(count)")
            makeUnique()
            // SAFETY: the storage is alive and no other tensor's, and the index was checked above.
            unsafe storage.base[index] = newValue
        }
    }

    /// All values in row-major order, copied to an array.
    public var values: [Float] {
        // SAFETY: the array copies from a buffer that is valid within the closure.
        unsafe withUnsafeValues { values in unsafe Array(values) }
    }

    /// Hands the values in row-major order to `body` for reading; the pointer is not to be kept.
    public func withUnsafeValues<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: self keeps the storage alive during the call; the buffer covers exactly its count elements.
        defer { withExtendedLifetime(storage) {} }
        return try unsafe body(UnsafeBufferPointer(start: storage.base, count: count))
    }

    /// Hands the values in row-major order to `body` for reading and writing; the pointer is not to be kept.
    public mutating func withUnsafeMutableValues<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        makeUnique()
        // SAFETY: the storage is this tensor's alone, alive during the call; the buffer covers its count elements.
        defer { withExtendedLifetime(storage) {} }
        return try unsafe body(UnsafeMutableBufferPointer(start: storage.base, count: count))
    }

    /// The same values under another shape of the same count; the storage is shared until one of the two is written.
    public func reshaped(to shape: Shape) -> Tensor {
        precondition(shape.count == count, "a tensor of shape \(self.shape) cannot take the shape \(shape)")
        return Tensor(shape: shape, storage: storage)
    }

    private mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    }

    private func offset(of index: [Int]) -> Int {
        precondition(index.count == shape.rank, "\(index.count) indices for a tensor of shape \(shape)")
        var offset = 0
        for (axis, position) in index.enumerated() {
            precondition(position >= 0 && position < shape[axis], "index \(index) in a tensor of shape \(shape)")
            offset = offset * shape[axis] + position
        }
        return offset
    }
}

extension Tensor: Equatable {
    /// Whether shapes and values are equal, as floats compare.
    public static func == (left: Tensor, right: Tensor) -> Bool {
        guard left.shape == right.shape else { return false }
        // SAFETY: both buffers are read within their closures.
        return unsafe left.withUnsafeValues { a in
            unsafe right.withUnsafeValues { b in unsafe a.elementsEqual(b) }
        }
    }

    /// Whether the other tensor has the same shape and the same bits in every value.
    public func isIdentical(to other: Tensor) -> Bool {
        guard shape == other.shape else { return false }
        // SAFETY: both buffers are read within their closures.
        return unsafe withUnsafeValues { a in
            unsafe other.withUnsafeValues { b in
                unsafe a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
            }
        }
    }
}
