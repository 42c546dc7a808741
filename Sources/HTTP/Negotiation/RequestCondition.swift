internal import HTTPTypes

/// What the conditions of a request (RFC 9110 section 13) come to.
public enum RequestCondition: Equatable, Sendable {
    /// The request is carried out.
    case holds
    /// What the client has is current: 304.
    case notModified
    /// The request is not to be carried out: 412.
    case failed
}

extension Request {
    /// What `If-Match` and `If-None-Match` come to for a representation with that tag, in the order of RFC 9110 section
    /// 13.2.2.
    ///
    /// There are no dates to compare, so `If-Modified-Since` and `If-Unmodified-Since` are ignored. To be asked only
    /// where the request would otherwise be answered with success.
    public func condition(on tag: EntityTag) -> RequestCondition {
        if let wanted = fields[.ifMatch], !tag.matches(ifMatch: wanted) { return .failed }
        guard let known = fields[.ifNoneMatch], tag.matches(ifNoneMatch: known) else { return .holds }
        return method == .get || method == .head ? .notModified : .failed
    }
}
