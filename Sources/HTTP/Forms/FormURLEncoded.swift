/// Bodies of `application/x-www-form-urlencoded` (WHATWG URL section 5.1), read strictly.
public enum FormURLEncoded {
    /// The fields in their order, "+" standing for a space; empty pieces are left out.
    ///
    /// Throws ``HTTPError/invalidForm(_:)`` for a "%" that encodes nothing, NUL or bytes that are not UTF-8, and
    /// ``HTTPError/tooManyFormFields(limit:)``.
    public static func parse(_ body: [UInt8], limits: Limits = Limits()) throws(HTTPError) -> [QueryPair] {
        try pairs(of: body[...], limits: limits)
    }

    static func pairs(of bytes: ArraySlice<UInt8>, limits: Limits) throws(HTTPError) -> [QueryPair] {
        var pairs: [QueryPair] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: .ampersand) ?? bytes.endIndex
            if end > start {
                guard pairs.count < limits.maximumFormFields else {
                    throw .tooManyFormFields(limit: limits.maximumFormFields)
                }
                pairs.append(try pair(bytes[start..<end]))
            }
            start = end + 1
        }
        return pairs
    }

    private static func pair(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> QueryPair {
        let equals = bytes.firstIndex(of: .equals) ?? bytes.endIndex
        guard let name = PercentEncoding.decode(bytes[..<equals], plusIsSpace: true),
            let value = PercentEncoding.decode(bytes[equals...].dropFirst(), plusIsSpace: true)
        else { throw .invalidForm("\(String(quoting: bytes)) is not percent-encoded UTF-8 text") }
        return QueryPair(name: name, value: value)
    }
}
