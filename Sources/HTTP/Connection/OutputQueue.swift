/// Bytes on their way to the client, in segments, none of them copied to be joined but small ones.
struct OutputQueue: Sendable {
    /// What is joined with the segment before it: one system call for a small answer.
    private static let joinedBytes = 32 << 10
    /// What an idle connection keeps for its next answer, at most.
    private static let spareBytes = 2048

    private var segments: [[UInt8]] = []
    /// An empty array with room, to be a segment again.
    private var spare: [UInt8] = []
    private var offset = 0
    private(set) var byteCount = 0

    var segmentCount: Int { segments.count }

    /// What the segments take: the first one is given back only when all of it is written.
    var heldByteCount: Int { byteCount + offset }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        if let last = segments.indices.last, bytes.count <= Self.joinedBytes,
            segments[last].count <= Self.joinedBytes
        {
            segments[last].append(contentsOf: bytes)
        } else {
            segments.append(bytes)
        }
    }

    /// Lets bytes be written to the end, few of them.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        guard let last = segments.indices.last, segments[last].count <= Self.joinedBytes else {
            var segment: [UInt8] = []
            swap(&segment, &spare)
            write(&segment)
            byteCount += segment.count
            segments.append(segment)
            return
        }
        let count = segments[last].count
        write(&segments[last])
        byteCount += segments[last].count - count
    }

    /// Lends the first segment's bytes that are not written yet; there must be some.
    func withFirst<R>(_ body: (Span<UInt8>) throws -> R) rethrows -> R {
        precondition(!segments.isEmpty, "no output to write")
        let first = segments[0]
        return try body(first.span.extracting(droppingFirst: offset))
    }

    /// Forgets so many bytes from the front.
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= byteCount, "\(count) bytes written of \(byteCount)")
        byteCount -= count
        offset += count
        while !segments.isEmpty, offset >= segments[0].count {
            var written = segments.count == 1 ? segments.removeLast() : segments.removeFirst()
            offset -= written.count
            if written.capacity <= Self.spareBytes {
                written.removeAll(keepingCapacity: true)
                spare = written
            }
        }
    }

    mutating func removeAll() {
        self = OutputQueue()
    }
}
