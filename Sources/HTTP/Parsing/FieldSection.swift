internal import HTTPTypes

/// Header or trailer lines, read one by one (RFC 9112 section 5).
struct FieldSection: Sendable {
    /// The names of which a message holds at most one: two readers might each take another.
    private static func isSingle(_ name: String) -> Bool {
        switch name {
        case "content-length", "transfer-encoding", "content-type", "authorization": true
        default: false
        }
    }

    /// The fields but for `Host`, which becomes the authority of the request.
    private(set) var fields = HTTPFields()
    /// The value of `Host`.
    private(set) var host: String?
    private var count = 0
    private var byteCount = 0

    /// How long the next line may be, without its line end; below 0 if not even an empty line fits.
    func room(_ limits: Limits) -> Int {
        limits.maximumHeaderBytes - byteCount - 2
    }

    /// Adds a line without its line end; the caller has held it to ``room(_:)``.
    mutating func append(_ line: ArraySlice<UInt8>, limits: Limits) throws(HTTPError) {
        byteCount += line.count + 2
        count += 1
        guard count <= limits.maximumHeaderCount else { throw .tooManyHeaders(limit: limits.maximumHeaderCount) }
        let field = try Self.field(line)
        let name = field.name.canonicalName
        if name == "host" {
            guard host == nil else { throw .invalidHost("it stands twice") }
            host = field.value
            return
        }
        if Self.isSingle(name), fields.contains(field.name) {
            if name == "content-length" || name == "transfer-encoding" {
                throw .invalidFraming("\(field.name) stands twice")
            }
            throw .invalidField("\(field.name) stands twice")
        }
        fields.append(field)
    }

    /// The field of a line `name ":" OWS value OWS`.
    ///
    /// No white space before the colon, no folded line.
    static func field(_ line: ArraySlice<UInt8>) throws(HTTPError) -> HTTPField {
        guard let first = line.first, !first.isSpaceOrTab else {
            throw .invalidField("a line begins with white space (folding is obsolete)")
        }
        guard let colon = line.firstIndex(of: .colon) else {
            throw .invalidField("\(String(quoting: line)) has no colon")
        }
        let nameBytes = line[..<colon]
        guard let name = HTTPField.Name(String(decoding: nameBytes, as: UTF8.self)), nameBytes.isToken else {
            throw .invalidField("\(String(quoting: nameBytes)) is no name")
        }
        let value = line[(colon + 1)...].trimmed
        guard let odd = value.first(where: { !$0.isFieldValueByte }) else {
            try refuseDisguise(name)
            return HTTPField(name: name, value: value)
        }
        throw .invalidField("the value of \(name) holds the byte \(String(quoting: [odd]))")
    }

    /// Programs behind gateways see "_" and "-" as one: to them these names tell the length of the body.
    private static func refuseDisguise(_ name: HTTPField.Name) throws(HTTPError) {
        if name.canonicalName == "content_length" || name.canonicalName == "transfer_encoding" {
            throw .invalidField("\(name) is easily taken for another")
        }
    }
}
