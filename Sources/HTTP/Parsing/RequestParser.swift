public import HTTPTypes

/// What the parser has found.
public enum RequestEvent: Equatable, Sendable {
    /// The head of a request.
    case head(RequestHead)
    /// The next bytes of its body, chunked framing taken off.
    case body([UInt8])
    /// The end of the request, with the trailer fields of a chunked body.
    case end(trailers: HTTPFields)
    /// What came is no request. Nothing more comes from this parser.
    case failure(HTTPError)
}

/// An incremental parser of HTTP/1.1 requests: bytes in, events out.
///
/// It is strict where RFC 9112 lets a server choose: lines end with CR LF; a message whose end two readers could find
/// in different places is refused. The events do not depend on the pieces in which the bytes come, except how much of a
/// body each body event holds, and how much of a broken one came before the failure. Requests may follow each other without a pause; behind one that closes the connection nothing is
/// read. The cost is linear in the number of bytes, and a body is copied once.
public struct RequestParser: Sendable {
    enum State: Equatable, Sendable {
        case requestLine, header
        case fixedBody(left: Int)
        case chunkLine
        case chunk(left: Int)
        case chunkEnd
        case trailer
        case complete
        case failed
        case finished
    }

    let rules: ConnectionRules
    var state = State.requestLine
    /// What is wrong with a body, until it is told.
    var failure: HTTPError?
    var buffer = LineBuffer()
    /// What the request line says, until the header is complete.
    var line: RequestParts?
    var section = FieldSection()
    var keepsAlive = true
    var body: [UInt8] = []
    /// The room that the body was given of an earlier one, all of which is memory.
    var reusedBytes = 0
    var bodyByteCount = 0
    var extensionByteCount = 0
    private var hasSkippedEmptyLine = false
    private var isEndOfStream = false

    /// A parser at the start of a connection.
    public init(limits: Limits = Limits()) {
        self.init(rules: ConnectionRules(limits: limits))
    }

    init(rules: ConnectionRules) {
        self.rules = rules
    }

    var limits: Limits { rules.limits }

    /// How many bytes are held: those not parsed yet, and those of the body that ``next()`` has not handed over.
    public var bufferedByteCount: Int { buffer.count + body.count }

    /// Whether nothing of the next request has come.
    package var isBetweenRequests: Bool { state == .requestLine && buffer.isEmpty }

    /// Whether ``next()`` would hand over an unfinished body.
    package var isInsideBody: Bool {
        switch state {
        case .fixedBody, .chunkLine, .chunk, .chunkEnd, .trailer: !isEndOfStream
        case .requestLine, .header, .complete, .failed, .finished: false
        }
    }

    /// How many bytes of the body are known to come next: the rest of it, or of a chunk.
    package var expectedByteCount: Int {
        switch state {
        case .fixedBody(let left), .chunk(let left): left
        default: 0
        }
    }

    /// The method of the request being read, once it is known.
    package private(set) var method: HTTPRequest.Method?

    /// Takes the next bytes of the connection.
    public mutating func receive(_ bytes: Span<UInt8>) {
        guard state != .failed, state != .finished else { return }
        let taken = buffer.isEmpty ? takeBody(bytes) : 0
        if taken < bytes.count { buffer.append(bytes.extracting(droppingFirst: taken)) }
        decodeBody()
    }

    /// Takes the end of the connection: no more bytes will come.
    public mutating func receiveEndOfStream() {
        isEndOfStream = true
    }

    /// The next event, or nil until more bytes come.
    public mutating func next() -> RequestEvent? {
        if !body.isEmpty, state != .failed {
            defer { body = [] }
            return .body(body)
        }
        do throws(HTTPError) {
            switch state {
            case .requestLine, .header: return try nextHead().map(RequestEvent.head)
            case .fixedBody, .chunkLine, .chunk, .chunkEnd, .trailer:
                try checkForEnd()
                return nil
            case .complete: return .end(trailers: end())
            case .failed:
                finish()
                return failure.take().map(RequestEvent.failure)
            case .finished: return nil
            }
        } catch {
            return .failure(error)
        }
    }

    /// The next head, or nil until more bytes come; between requests, where ``next()`` would find a head or throw the
    /// failure.
    mutating func nextHead() throws(HTTPError) -> RequestHead? {
        guard state == .requestLine || state == .header, isEndOfStream || !isBetweenRequests else { return nil }
        do throws(HTTPError) {
            if let head = try readHead() { return head }
        } catch {
            finish()
            throw error
        }
        try checkForEnd()
        // What was read of it lies in its parts.
        buffer.shrink()
        return nil
    }

    /// Ends the request, whose body is complete: its trailers.
    mutating func end() -> HTTPFields {
        let trailers = section.take().fields
        method = nil
        hasSkippedEmptyLine = false
        bodyByteCount = 0
        extensionByteCount = 0
        if keepsAlive {
            state = .requestLine
            buffer.compact()
            buffer.shrink()
        } else {
            finish()
        }
        return trailers
    }

    /// Nothing more comes from here; what is held is given back.
    private mutating func finish() {
        state = .finished
        buffer = LineBuffer()
        body = []
    }

    /// Ends, with an error inside a request, if the missing bytes will not come.
    private mutating func checkForEnd() throws(HTTPError) {
        guard isEndOfStream else { return }
        let isClean = isBetweenRequests
        finish()
        if !isClean { throw .incompleteRequest }
    }

    private mutating func readHead() throws(HTTPError) -> RequestHead? {
        if state == .requestLine {
            guard try readRequestLine() else { return nil }
            state = .header
        }
        while let fieldLine = try nextFieldLine() {
            guard fieldLine.isEmpty else {
                try section.append(fieldLine, of: buffer, limits: rules.limits)
                continue
            }
            let head = try head()
            if head.bodyLength != .none { decodeBody() }
            return head
        }
        return nil
    }

    /// Where the next line of a header or trailer section lies in the buffer, nil if it is not complete.
    mutating func nextFieldLine() throws(HTTPError) -> Range<Int>? {
        switch buffer.nextLine(limit: section.room(limits)) {
        case .whole(let line): return line
        case .incomplete: return nil
        case .tooLong: throw .headerTooLarge(limit: limits.maximumHeaderBytes)
        case .bareLineFeed: throw .invalidField("a line ends with LF alone")
        }
    }

    private mutating func readRequestLine() throws(HTTPError) -> Bool {
        while true {
            // What cannot be a method (a TLS hello, say) is refused before its line ends, which may be never.
            if let first = buffer.first, !first.isTokenByte, first != .carriageReturn || hasSkippedEmptyLine {
                throw .invalidRequestLine("it begins with the byte \(String(quoting: [first]))")
            }
            switch buffer.nextLine(limit: limits.maximumRequestLineBytes) {
            case .whole(let bytes) where bytes.isEmpty:
                // RFC 9112 section 2.2: at least one empty line in front of a request is ignored.
                hasSkippedEmptyLine = true
            case .whole(let bytes):
                line = try RequestLine.read(buffer.bytes.span.extracting(bytes), limits: limits)
                method = line?.method
                return true
            case .incomplete:
                return false
            case .tooLong:
                throw .requestLineTooLong(limit: limits.maximumRequestLineBytes)
            case .bareLineFeed:
                throw .invalidRequestLine("it ends with LF alone")
            }
        }
    }
}
