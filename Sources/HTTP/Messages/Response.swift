public import HTTPTypes

/// An answer: whole, or the beginning of one whose body comes over time.
public struct Response: Sendable, Equatable {
    /// A final status, 200 … 599.
    public var status: HTTPResponse.Status
    /// The header fields.
    ///
    /// `Content-Length`, `Transfer-Encoding`, `Date`, `Keep-Alive` and `Connection` are written by the serialiser and
    /// not taken from here, but for `Connection: close`, which is honoured.
    public var fields: HTTPFields
    /// The body; it is not sent in answer to HEAD, nor with 204, 205 or 304.
    public var body: [UInt8]
    /// Whether the body that GET would bring was not made, so that the answer to HEAD has no `Content-Length` (RFC 9110
    /// section 9.3.2); it means nothing for other methods.
    public var leavesLengthOut = false
    /// What follows ``body`` over time; nil for a whole answer.
    public var stream: StreamedBody?

    /// An answer with these parts.
    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        precondition((200...599).contains(status.code), "an answer with status \(status.code)")
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// An answer of text in UTF-8, with that `Content-Type`.
    public init(status: HTTPResponse.Status, contentType: String, text: String) {
        self.init(status: status, fields: [.contentType: contentType], body: Array(text.utf8))
    }

    /// Whether the connection closes after this answer, whatever the client wishes.
    public var closesConnection: Bool {
        get {
            fields.indices.contains { index in
                fields[index].name.canonicalName.utf8.count == 10 && fields[index].name.canonicalName == "connection"
                    && FieldList.elements(of: fields[index].value).contains { $0.isEqualIgnoringCase(to: "close") }
            }
        }
        set { fields[.connection] = newValue ? "close" : nil }
    }
}
