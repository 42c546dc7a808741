/// Bytes that have come and are not parsed yet, taken out by lines.
///
/// Each byte is looked at once for the end of its line however small the pieces are in which it comes.
struct LineBuffer: Sendable {
    /// What is at the front.
    enum Line {
        /// A whole line: where it lies in ``bytes``, without CR LF.
        case whole(Range<Int>)
        /// The line is not complete, and still within the limit.
        case incomplete
        /// The line is longer than the limit.
        case tooLong
        /// The line ends with LF alone.
        case bareLineFeed
    }

    private(set) var bytes: [UInt8] = []
    private var start = 0
    private var searched = 0

    var count: Int { bytes.count - start }

    var isEmpty: Bool { start == bytes.count }

    var first: UInt8? { isEmpty ? nil : bytes[start] }

    mutating func append(_ more: Span<UInt8>) {
        bytes.append(more)
    }

    /// The next line of at most `limit` bytes; consumed if it is whole.
    mutating func nextLine(limit: Int) -> Line {
        guard let end = bytes.span.firstIndex(of: .lineFeed, from: searched) else {
            searched = bytes.count
            // The last byte may be the CR of the line end.
            return count > limit + 1 ? .tooLong : .incomplete
        }
        let hasReturn = end > start && bytes[end - 1] == .carriageReturn
        let lineEnd = hasReturn ? end - 1 : end
        if lineEnd - start > limit { return .tooLong }
        guard hasReturn else { return .bareLineFeed }
        let line = start..<lineEnd
        start = end + 1
        searched = start
        return .whole(line)
    }

    /// Moves at most so many bytes from the front to the end of an array.
    mutating func move(_ limit: Int, to target: inout [UInt8]) -> Int {
        let moved = min(limit, count)
        target.append(bytes.span.extracting(start..<(start + moved)))
        start += moved
        searched = max(searched, start)
        return moved
    }

    /// Moves what is left to the front, so that what is consumed is written over.
    mutating func compact() {
        if isEmpty {
            bytes.removeAll(keepingCapacity: true)
        } else if start > bytes.count / 2 {
            bytes.removeSubrange(..<start)
        } else {
            return
        }
        searched -= min(searched, start)
        start = 0
    }

    /// Gives storage back that is larger than an idle connection should hold.
    mutating func shrink() {
        if isEmpty, bytes.capacity > 4096 { self = LineBuffer() }
    }
}
