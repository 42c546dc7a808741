/// Fields with a part in how a message is read.
struct FieldRoles: OptionSet {
    let rawValue: UInt8

    static let host = FieldRoles(rawValue: 1)
    static let contentLength = FieldRoles(rawValue: 2)
    static let transferEncoding = FieldRoles(rawValue: 4)
    static let connection = FieldRoles(rawValue: 8)
    static let expect = FieldRoles(rawValue: 16)
    static let contentType = FieldRoles(rawValue: 32)
    static let authorization = FieldRoles(rawValue: 64)
    /// Programs behind gateways see "_" and "-" as one: to them these names tell the length of the body.
    static let disguised = FieldRoles(rawValue: 128)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The role of a field of that name; empty for most.
    ///
    /// By its length first: this is asked of every line.
    init(name: Span<UInt8>) {
        switch name.count {
        case 4 where name.isEqualIgnoringCase(to: "host"): self = .host
        case 6 where name.isEqualIgnoringCase(to: "expect"): self = .expect
        case 10 where name.isEqualIgnoringCase(to: "connection"): self = .connection
        case 12 where name.isEqualIgnoringCase(to: "content-type"): self = .contentType
        case 13 where name.isEqualIgnoringCase(to: "authorization"): self = .authorization
        case 14 where name.isEqualIgnoringCase(to: "content-length"): self = .contentLength
        case 14 where name.isEqualIgnoringCase(to: "content_length"): self = .disguised
        case 17 where name.isEqualIgnoringCase(to: "transfer-encoding"): self = .transferEncoding
        case 17 where name.isEqualIgnoringCase(to: "transfer_encoding"): self = .disguised
        default: self = []
        }
    }

    /// Whether a message holds at most one field of that role: two readers might each take another.
    var isSingle: Bool {
        self == .contentLength || self == .transferEncoding || self == .contentType || self == .authorization
    }
}
