import Concurrency
import Tensors

/// Buffers that come back when the maps that held them are gone, so that work that repeats allocates nothing.
///
/// One pool serves all requests of a process, from any thread.
public final class BufferPool: Sendable {
    private struct Kept {
        /// Those not in use, the longest unused first.
        var buffers: [AlignedStorage] = []
        var bytes = 0
    }

    private let keepingBytes: Int
    private let kept = Guarded(Kept())

    /// A pool that keeps unused buffers up to this many bytes, and lets the longest unused go beyond.
    public init(keepingBytes: Int = 64 << 20) {
        self.keepingBytes = keepingBytes
    }

    /// The bytes of the buffers that are kept unused at the moment.
    public var keptBytes: Int { kept.withLock { $0.bytes } }

    /// Lets all unused buffers go.
    public func trim() {
        kept.withLock { $0 = Kept() }
    }

    /// A buffer for at least `count` floats, with whatever contents.
    func take(_ count: Int) -> AlignedStorage {
        let capacity = BufferPool.capacity(for: count)
        let found: AlignedStorage? = kept.withLock { kept in
            guard let index = kept.buffers.lastIndex(where: { $0.count == capacity }) else { return nil }
            kept.bytes -= BufferPool.bytes(kept.buffers[index])
            return kept.buffers.remove(at: index)
        }
        return found ?? AlignedStorage(count: capacity, zeroed: false)
    }

    /// Takes back a buffer that nobody uses any more.
    func giveBack(_ storage: AlignedStorage) {
        let dropped: [AlignedStorage] = kept.withLock { kept in
            kept.buffers.append(storage)
            kept.bytes += BufferPool.bytes(storage)
            var count = 0
            while kept.bytes > keepingBytes {
                kept.bytes -= BufferPool.bytes(kept.buffers[count])
                count += 1
            }
            defer { kept.buffers.removeFirst(count) }
            return Array(kept.buffers.prefix(count))
        }
        // Freed here, outside the lock.
        _ = dropped
    }

    private static func bytes(_ storage: AlignedStorage) -> Int { storage.count * MemoryLayout<Float>.stride }

    /// `count` rounded up in steps of an eighth, so that sizes that differ a little share buffers.
    private static func capacity(for count: Int) -> Int {
        let least = 256
        if count <= least { return least }
        let step = max(least, 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount - 3))
        return (count + step - 1) / step * step
    }
}

/// The floats behind maps; they go back to their pool with the last maps that use them.
final class MapStorage: Sendable {
    let floats: AlignedStorage
    let pool: BufferPool?

    /// Room for `count` floats, from the pool with whatever contents, or else zero.
    init(count: Int, from pool: BufferPool?) {
        self.pool = pool
        floats = pool?.take(count) ?? AlignedStorage(count: count)
    }

    deinit {
        pool?.giveBack(floats)
    }
}
