internal import HTTPTypes

extension Response {
    /// The part of this answer that the request's `Range` asks for: 206, or 416 if there is no such part (RFC 9110
    /// section 14).
    ///
    /// Only a 200 with a strong `ETag` has parts, and it says so by `Accept-Ranges`. It is sent whole in answer to HEAD,
    /// without `Range`, and where `If-Range` names another tag. Every other answer comes back as it is. A 416 has an
    /// empty body and tells the length in `Content-Range`. The positions are those of the body as it is sent, so this
    /// comes after compression and after `If-None-Match`.
    public func selectingRange(for request: Request) -> Response {
        guard status == .ok, [.get, .head].contains(request.method),
            let tag = fields[.eTag].flatMap(EntityTag.init(parsing:)), !tag.isWeak
        else { return self }
        var response = self
        response.fields[.acceptRanges] = "bytes"
        guard request.method == .get, let range = request.fields[.range].flatMap(ByteRange.init(parsing:)),
            Self.isCurrent(tag, request.fields[.ifRange])
        else { return response }
        guard let part = range.resolved(in: body.count) else {
            response.status = .rangeNotSatisfiable
            response.fields[.contentRange] = "bytes */\(body.count)"
            response.body = []
            return response
        }
        // The last bytes of an empty body: no Content-Range can say that.
        if part.isEmpty { return response }
        response.status = .partialContent
        response.fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(body.count)"
        response.body = Array(body[part])
        return response
    }

    /// Whether `If-Range` is absent or names the tag.
    ///
    /// The comparison is strong, and a date never matches: there is none to compare it with (section 13.1.5).
    private static func isCurrent(_ tag: EntityTag, _ ifRange: String?) -> Bool {
        guard let ifRange else { return true }
        return EntityTag(parsing: ifRange) == tag
    }
}
