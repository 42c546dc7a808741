/// Bodies of `application/x-www-form-urlencoded` (WHATWG URL section 5.1), read strictly.
public enum FormURLEncoded {
    /// The fields in their order, "+" standing for a space; empty pieces are left out.
    ///
    /// Throws ``HTTPError/invalidForm(_:)`` for a "%" that encodes nothing, NUL or bytes that are not UTF-8, and
    /// ``HTTPError/tooManyFormFields(limit:)``.
    public static func parse(_ body: [UInt8], limits: Limits = Limits()) throws(HTTPError) -> [QueryPair] {
        try pairs(of: body.span, limits: limits)
    }

    static func pairs(of bytes: Span<UInt8>, limits: Limits) throws(HTTPError) -> [QueryPair] {
        var pairs: [QueryPair] = []
        var start = 0
        while start < bytes.count {
            let end = bytes.firstIndex(of: .ampersand, from: start) ?? bytes.count
            if end > start {
                guard pairs.count < limits.maximumFormFields else {
                    throw .tooManyFormFields(limit: limits.maximumFormFields)
                }
                pairs.append(try pair(bytes.extracting(start..<end)))
            }
            start = end + 1
        }
        return pairs
    }

    private static func pair(_ bytes: Span<UInt8>) throws(HTTPError) -> QueryPair {
        let equals = bytes.firstIndex(of: .equals) ?? bytes.count
        guard let name = PercentEncoding.decode(bytes.extracting(first: equals), plusIsSpace: true),
            let value = PercentEncoding.decode(bytes.extracting(droppingFirst: equals + 1), plusIsSpace: true)
        else { throw .invalidForm("\(String(quoting: bytes)) is not percent-encoded UTF-8 text") }
        return QueryPair(name: name, value: value)
    }
}
