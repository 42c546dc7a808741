internal import HTTPTypes

extension RequestParser {
    /// Takes body bytes straight from what has come, without a stay in the buffer; returns how many.
    mutating func takeBody(_ bytes: Span<UInt8>) -> Int {
        let left: Int
        switch state {
        case .fixedBody(let bytesLeft), .chunk(let bytesLeft): left = bytesLeft
        default: return 0
        }
        let taken = min(left, bytes.count)
        makeRoom(for: taken)
        body.append(bytes.extracting(first: taken))
        advance(taken)
        return taken
    }

    /// What room a body begins with, if so much can come of it.
    package static let firstBodyBytes = 16 << 10

    /// Room of this size and more is address space alone until bytes lie in it: it comes from the system by itself
    /// (`HTTPServer/Allocator`).
    private static let mappedBytes = 512 << 10
    /// The largest body that is given all its room at once: to grow is to copy, and copies cost more than reading does.
    private static let wholeBytes = 8 << 20

    /// The memory that the body takes: the room it was given, filled or not, unless the system gives that as bytes come.
    package var bodyRoom: Int {
        let filled = body.capacity < Self.mappedBytes ? body.capacity : (body.count + 0x3FFF) & ~0x3FFF
        return min(max(filled, reusedBytes), body.capacity, limits.maximumBodyBytes)
    }

    /// Collects the rest of the body in that array, the content of which is dropped, if it has room for all of it or more than
    /// there is: its storage is used again.
    ///
    /// Memory that was used before is preferred to fresh address space: the system gives that page by page.
    package mutating func collectBody(in storage: consuming [UInt8]) {
        buffer.shrink()
        reusedBytes = 0
        var most = body.capacity + 1
        switch state {
        case .fixedBody(let left): most = min(most, body.count + left)
        case .chunkLine, .chunk, .chunkEnd: break
        default: return
        }
        guard storage.capacity >= most else { return }
        storage.removeAll(keepingCapacity: true)
        storage.append(contentsOf: body)
        reusedBytes = storage.capacity
        body = storage
    }

    /// Makes room for so many bytes that have come of the body: twice the room there was, and no more than can come, or all
    /// of it where the system gives the memory as it is filled.
    ///
    /// What a client only claims takes none.
    private mutating func makeRoom(for count: Int) {
        let needed = body.count + count
        guard needed > body.capacity else { return }
        var most = limits.maximumBodyBytes
        if case .fixedBody(let left) = state { most = body.count + left }
        let isGivenWhole = (Self.mappedBytes...Self.wholeBytes).contains(most)
        let room = isGivenWhole ? most : max(2 * body.capacity, Self.firstBodyBytes)
        body.reserveCapacity(max(needed, min(room, most)))
    }

    /// Decodes what is in the buffer until bytes are missing, the body ends or is broken.
    mutating func decodeBody() {
        do throws(HTTPError) {
            while try decodeStep() {}
            buffer.compact()
        } catch {
            state = .failed
            failure = error
            body = []
        }
    }

    /// One step of the body; false if it cannot go on.
    private mutating func decodeStep() throws(HTTPError) -> Bool {
        switch state {
        case .fixedBody(let left), .chunk(let left):
            makeRoom(for: min(left, buffer.count))
            let moved = buffer.move(left, to: &body)
            advance(moved)
            return moved > 0
        case .chunkLine: return try readChunkLine()
        case .chunkEnd: return try readChunkEnd()
        case .trailer: return try readTrailer()
        case .requestLine, .header, .complete, .failed, .finished: return false
        }
    }

    /// Counts body bytes off what is left of the body or chunk.
    private mutating func advance(_ count: Int) {
        switch state {
        case .fixedBody(let left): state = left == count ? .complete : .fixedBody(left: left - count)
        case .chunk(let left): state = left == count ? .chunkEnd : .chunk(left: left - count)
        default: break
        }
    }

    private mutating func readChunkLine() throws(HTTPError) -> Bool {
        switch buffer.nextLine(limit: limits.maximumChunkLineBytes) {
        case .incomplete: return false
        case .tooLong: throw .invalidChunk("the size and its extensions are over \(limits.maximumChunkLineBytes) bytes")
        case .bareLineFeed: throw .invalidChunk("a line ends with LF alone")
        case .whole(let bytes):
            let line = try ChunkLine(buffer.bytes[bytes])
            extensionByteCount += line.extensionBytes
            guard extensionByteCount <= limits.maximumChunkExtensionBytes else {
                throw .invalidChunk("the extensions are over \(limits.maximumChunkExtensionBytes) bytes")
            }
            guard line.size <= limits.maximumBodyBytes - bodyByteCount else {
                throw .bodyTooLarge(limit: limits.maximumBodyBytes)
            }
            bodyByteCount += line.size
            state = line.size == 0 ? .trailer : .chunk(left: line.size)
            return true
        }
    }

    /// The CR LF behind the bytes of a chunk.
    private mutating func readChunkEnd() throws(HTTPError) -> Bool {
        if let first = buffer.first, first != .carriageReturn {
            throw .invalidChunk("it is longer than its size says")
        }
        switch buffer.nextLine(limit: 0) {
        case .incomplete: return false
        case .tooLong, .bareLineFeed: throw .invalidChunk("it is longer than its size says")
        case .whole:
            state = .chunkLine
            return true
        }
    }

    private mutating func readTrailer() throws(HTTPError) -> Bool {
        guard let fieldLine = try nextFieldLine() else {
            buffer.shrink()
            return false
        }
        guard !fieldLine.isEmpty else {
            state = .complete
            return true
        }
        try section.append(fieldLine, of: buffer, limits: rules.limits)
        guard section.host == nil else { throw .invalidField("Host cannot stand in a trailer") }
        if let field = section.fields.last, Self.isForbiddenInTrailer(field.name) {
            throw .invalidField("\(field.name) cannot stand in a trailer")
        }
        return true
    }

    /// Whether the field frames the message, or has a part in how the connection goes on or who may ask.
    ///
    /// RFC 9110 section 6.5.1 forbids more to senders; the rest does no harm here, as trailers are kept apart.
    private static func isForbiddenInTrailer(_ name: HTTPField.Name) -> Bool {
        switch name.canonicalName {
        case "content-length", "transfer-encoding", "connection", "trailer", "te", "expect", "upgrade",
            "authorization":
            true
        default: false
        }
    }
}
