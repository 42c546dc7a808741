internal import HTTPTypes

/// Header or trailer lines, read one by one (RFC 9112 section 5).
struct FieldSection: Sendable {
    /// The fields but for `Host`, which becomes the authority of the request.
    private(set) var fields = HTTPFields()
    /// The value of `Host`.
    private(set) var host: String?
    /// Whether that names a host.
    private(set) var hostIsValid = false
    /// The names with a part in how the message is read that have come.
    private(set) var roles: FieldRoles = []
    private var count = 0
    private var byteCount = 0

    /// Nothing yet.
    init() {}

    /// Nothing yet of the trailer behind that header: both count together, as both are held.
    init(behind header: FieldSection) {
        (count, byteCount) = (header.count, header.byteCount)
    }

    /// What has come, after which nothing has.
    mutating func take() -> FieldSection {
        var taken = FieldSection()
        swap(&self, &taken)
        return taken
    }

    /// How long the next line may be, without its line end; below 0 if not even an empty line fits.
    func room(_ limits: Limits) -> Int {
        limits.maximumHeaderBytes - byteCount - 2
    }

    /// Adds the line that lies there in the buffer, without its line end; the caller has held it to ``room(_:)``.
    mutating func append(_ line: Range<Int>, of buffer: borrowing LineBuffer, limits: Limits) throws(HTTPError) {
        try append(buffer.bytes.span.extracting(line), limits: limits)
    }

    private mutating func append(_ line: Span<UInt8>, limits: Limits) throws(HTTPError) {
        byteCount += line.count + 2
        count += 1
        guard count <= limits.maximumHeaderCount else { throw .tooManyHeaders(limit: limits.maximumHeaderCount) }
        let (nameEnd, value) = try Self.split(line)
        let role = FieldRoles(name: line.extracting(first: nameEnd))
        if role == .host {
            let bytes = line.extracting(value)
            hostIsValid = Authority.isValid(bytes)
            // A host's bytes are some of those that a value may have.
            if !hostIsValid { try Self.checkValue(of: line, nameEnd: nameEnd, value: value) }
            guard host == nil else { throw .invalidHost("it stands twice") }
            host = String(decoding: bytes)
            return
        }
        try Self.checkValue(of: line, nameEnd: nameEnd, value: value)
        let field = Self.field(line, nameEnd: nameEnd, value: value)
        if role.contains(.disguised) { throw .invalidField("\(field.name) is easily taken for another") }
        if role.isSingle, roles.contains(role) {
            throw role == .contentLength || role == .transferEncoding
                ? .invalidFraming("\(field.name) stands twice") : .invalidField("\(field.name) stands twice")
        }
        roles.insert(role)
        fields.append(field)
    }

    /// The field of a line `name ":" OWS value OWS`.
    ///
    /// No white space before the colon, no folded line.
    static func field(_ line: Span<UInt8>) throws(HTTPError) -> HTTPField {
        let (nameEnd, value) = try split(line)
        try checkValue(of: line, nameEnd: nameEnd, value: value)
        return field(line, nameEnd: nameEnd, value: value)
    }

    private static func field(_ line: Span<UInt8>, nameEnd: Int, value: Range<Int>) -> HTTPField {
        guard let name = HTTPField.Name(String(decoding: line.extracting(first: nameEnd))) else {
            preconditionFailure("a token is no name of a field")
        }
        let bytes = line.extracting(value)
        if let text = String(validating: bytes) { return HTTPField(name: name, value: text) }
        return HTTPField(name: name, value: Array(copying: bytes))
    }

    /// Where the name ends, which is a token, and where the value lies.
    private static func split(_ line: Span<UInt8>) throws(HTTPError) -> (nameEnd: Int, value: Range<Int>) {
        if line.isEmpty || line[0].isSpaceOrTab {
            throw .invalidField("a line begins with white space (folding is obsolete)")
        }
        guard let colon = line.firstIndex(of: .colon) else {
            throw .invalidField("\(String(quoting: line)) has no colon")
        }
        let name = line.extracting(first: colon)
        guard name.isToken else { throw .invalidField("\(String(quoting: name)) is no name") }
        return (colon, line.trimmedRange(from: colon + 1))
    }

    /// Throws unless each byte of the value may stand in one.
    private static func checkValue(of line: Span<UInt8>, nameEnd: Int, value: Range<Int>) throws(HTTPError) {
        guard let odd = line.extracting(value).firstOdd({ $0.isFieldValueByte }) else { return }
        let name = String(decoding: line.extracting(first: nameEnd))
        throw .invalidField("the value of \(name) holds the byte \(String(quoting: [odd]))")
    }
}
