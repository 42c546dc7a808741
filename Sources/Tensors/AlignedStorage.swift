/// Floats on 64-byte aligned memory, owned by this object: shared by tensors and by the kernels' blocked maps.
///
/// Whoever writes through ``base`` must be its only user at that time; `Tensor` sees to that by copying on write.
@safe
public final class AlignedStorage {
    /// The alignment of ``base`` in bytes: one cache line, and the widest vector register.
    public static let alignment = 64

    /// The number of floats.
    public let count: Int
    /// The first float; valid as long as this object is alive, for indices in `0 ..< count`.
    public let base: UnsafeMutablePointer<Float>

    /// Storage for `count` floats (at least 0), all 0 or, where `zeroed` is false, of any value.
    public init(count: Int, zeroed: Bool = true) {
        precondition(count >= 0, "storage of \(count) floats")
        self.count = count
        // SAFETY: the memory belongs to this object and is freed in deinit alone. It is bound to Float once, here, and
        // holds at least one element's room, so that base is a valid address for a count of 0 as well. Without
        // zeroing the values are whatever was there: each bit pattern is a Float.
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: AlignedStorage.alignment)
        unsafe base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        if zeroed { unsafe base.initialize(repeating: 0, count: count) }
    }

    deinit {
        // SAFETY: base came from allocate in init, nothing else frees it, and no user outlives the last reference.
        unsafe base.deallocate()
    }

    /// A copy of the values in storage of its own.
    func copy() -> AlignedStorage {
        let other = AlignedStorage(count: count, zeroed: false)
        // SAFETY: both hold count floats, and the fresh one cannot overlap this one.
        unsafe other.base.update(from: base, count: count)
        return other
    }
}

// @unchecked because the memory is plain floats and every writer makes sure, by uniqueness or by its place in a plan,
// that nobody else reads or writes the same elements at that time.
extension AlignedStorage: @unchecked Sendable {}
