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

    /// Storage, in which the bytes lie from `start` to `end`; the rest of it means nothing.
    private(set) var bytes: [UInt8] = []
    private var start = 0
    private var end = 0
    private var searched = 0

    /// What is made room for at least: a request as most are.
    private static let leastBytes = 256
    /// What an idle connection keeps, with what the allocator rounds up.
    private static let idleBytes = 4096 + 256
    /// What is kept of storage with something in it: twice a read.
    static let keptBytes = 32 << 10

    var count: Int { end - start }

    var isEmpty: Bool { start == end }

    var first: UInt8? { isEmpty ? nil : bytes[start] }

    mutating func append(_ more: Span<UInt8>) {
        let missing = end + more.count - bytes.count
        if missing > 0 {
            bytes.append(contentsOf: repeatElement(0, count: max(missing, bytes.count, Self.leastBytes)))
        }
        bytes.overwrite(from: end, with: more)
        end += more.count
    }

    /// The next line of at most `limit` bytes; consumed if it is whole.
    mutating func nextLine(limit: Int) -> Line {
        guard let lineFeed = bytes.span.extracting(first: end).firstIndex(of: .lineFeed, from: searched) else {
            searched = end
            // The last byte may be the CR of the line end.
            return count > limit + 1 ? .tooLong : .incomplete
        }
        let hasReturn = lineFeed > start && bytes[lineFeed - 1] == .carriageReturn
        let lineEnd = hasReturn ? lineFeed - 1 : lineFeed
        if lineEnd - start > limit { return .tooLong }
        guard hasReturn else { return .bareLineFeed }
        let line = start..<lineEnd
        start = lineFeed + 1
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
            end = 0
        } else if start > end / 2 {
            bytes.removeSubrange(..<start)
            end -= start
        } else {
            return
        }
        searched -= min(searched, start)
        start = 0
    }

    /// Gives storage back that is larger than an idle connection should hold or, where something is left, than what a
    /// read may bring and twice what is left.
    mutating func shrink() {
        if isEmpty {
            if bytes.capacity > Self.idleBytes { self = LineBuffer() }
        } else if bytes.capacity > max(Self.keptBytes, 2 * count) {
            var rest = LineBuffer()
            rest.append(bytes.span.extracting(start..<end))
            rest.searched = searched - min(searched, start)
            self = rest
        }
    }
}
