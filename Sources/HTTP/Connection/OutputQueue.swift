/// Bytes on their way to the client, in segments, none of them copied to be joined but small ones.
struct OutputQueue: Sendable {
    /// What is joined with the segment before it: one system call for a small answer.
    private static let joinedBytes = 32 << 10

    private var segments: [[UInt8]] = []
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
        while let first = segments.first, offset >= first.count {
            offset -= first.count
            segments.removeFirst()
        }
    }

    mutating func removeAll() {
        self = OutputQueue()
    }
}
