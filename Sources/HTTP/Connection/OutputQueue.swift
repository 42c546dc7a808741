/// Bytes on their way to the client, in segments, none of them copied to be joined but small ones.
struct OutputQueue: Sendable {
    /// What is joined with the segment before it: one system call for a small answer.
    static let joinedBytes = 32 << 10
    /// What an idle connection keeps of its storage for the next answer, at most.
    private static let spareBytes = 2048

    /// The segment that is being written, from `offset` on; empty if there is none.
    private var front: [UInt8] = []
    /// The segments behind it.
    private var later: [[UInt8]] = []
    private var offset = 0
    private(set) var byteCount = 0

    var segmentCount: Int { byteCount == 0 ? 0 : 1 + later.count }

    /// What the segments take: the first one is given back only when all of it is written.
    var heldByteCount: Int { byteCount + offset }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if bytes.count <= Self.joinedBytes { return append { $0.append(bytes.span) } }
        byteCount += bytes.count
        if front.isEmpty { front = bytes } else { later.append(bytes) }
    }

    /// Lets bytes be written to the end, few of them.
    @inline(__always)
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        if later.isEmpty, front.count <= Self.joinedBytes {
            byteCount -= front.count
            write(&front)
            byteCount += front.count
        } else {
            if later.last.map({ $0.count > Self.joinedBytes }) ?? true { later.append([]) }
            let last = later.count - 1
            byteCount -= later[last].count
            write(&later[last])
            byteCount += later[last].count
        }
    }

    /// Lends the first segment's bytes that are not written yet; there must be some.
    func withFirst<R>(_ body: (Span<UInt8>) throws -> R) rethrows -> R {
        precondition(byteCount > 0, "no output to write")
        return try body(front.span.extracting(droppingFirst: offset))
    }

    /// Forgets so many bytes from the front.
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= byteCount, "\(count) bytes written of \(byteCount)")
        byteCount -= count
        offset += count
        while offset >= front.count, !front.isEmpty {
            offset -= front.count
            if !later.isEmpty {
                front = later.removeFirst()
            } else if front.capacity <= Self.spareBytes {
                front.removeAll(keepingCapacity: true)
            } else {
                front = []
            }
        }
    }

    mutating func removeAll() {
        self = OutputQueue()
    }
}
