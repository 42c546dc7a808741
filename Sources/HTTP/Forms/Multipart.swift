/// Bodies of `multipart/form-data` (RFC 7578 over RFC 2046 section 5.1), read strictly.
public enum Multipart {
    /// A field or file of a form.
    public struct Part: Equatable, Sendable {
        /// The name of the field.
        public let name: String
        /// The name of the file, without folders; nil for a plain field.
        public let filename: String?
        /// The part's `Content-Type`; nil if it has none (text in UTF-8, then).
        public let contentType: String?
        /// The content; a view of the body, nothing is copied.
        public let bytes: ArraySlice<UInt8>

        /// The content of a plain field; throws ``HTTPError/invalidText(_:)`` if it is not UTF-8.
        public func text() throws(HTTPError) -> String {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .invalidText("the field \(String(quoting: name.utf8))")
            }
            return text
        }
    }

    /// The parts in their order; several may have the same name.
    ///
    /// `contentType` is the header field of the request with the boundary. What stands before the first delimiter and
    /// behind the last is ignored, as RFC 2046 asks. Throws ``HTTPError/invalidMultipart(_:)``,
    /// ``HTTPError/tooManyParts(limit:)`` or ``HTTPError/partHeaderTooLarge(limit:)``.
    public static func parse(
        _ body: [UInt8], contentType: String, limits: Limits = Limits()
    ) throws(HTTPError) -> [Part] {
        let delimiter = [UInt8.carriageReturn, .lineFeed, .hyphen, .hyphen] + (try boundary(contentType))
        let search = BoundarySearch(delimiter)
        // The first delimiter may stand at the very beginning, without a line end in front of it.
        let first = body.starts(with: delimiter.dropFirst(2)) ? -2 : search.firstIndex(in: body, from: 0)
        guard let first else { throw .invalidMultipart("the boundary does not occur") }
        var parts: [Part] = []
        var position = first + delimiter.count
        while try !isLast(body, &position) {
            guard parts.count < limits.maximumMultipartParts else {
                throw .tooManyParts(limit: limits.maximumMultipartParts)
            }
            let header = try PartHeader(body, &position, limits: limits)
            guard let end = search.firstIndex(in: body, from: position) else {
                throw .invalidMultipart("part \(parts.count + 1) does not end with the boundary")
            }
            parts.append(
                Part(
                    name: header.name, filename: header.filename, contentType: header.contentType,
                    bytes: body[position..<end]))
            position = end + delimiter.count
        }
        return parts
    }

    /// The boundary: 1 to 70 characters of a limited set, the last of them no space (RFC 2046 section 5.1.1).
    private static func boundary(_ contentType: String) throws(HTTPError) -> [UInt8] {
        guard let type = MediaType(contentType), type.essence == "multipart/form-data" else {
            throw .invalidMultipart("Content-Type \(String(quoting: contentType.utf8)) is not multipart/form-data")
        }
        guard let boundary = type.parameters["boundary"].map({ Array($0.utf8) }) else {
            throw .invalidMultipart("Content-Type has no boundary")
        }
        guard (1...70).contains(boundary.count), boundary.last != .space, boundary.allSatisfy(isBoundaryByte) else {
            throw .invalidMultipart("\(String(quoting: boundary)) is no boundary")
        }
        return boundary
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        // ' ( ) + , - . / : = ? _ and space
        case 0x27...0x29, 0x2B...0x2F, .colon, .equals, .questionMark, 0x5F, .space: true
        default: byte.isDigit || byte.isLetter
        }
    }

    /// Whether the delimiter that ends at `position` is the last; moves on behind its line if not.
    private static func isLast(_ body: [UInt8], _ position: inout Int) throws(HTTPError) -> Bool {
        var rest = body[position...]
        let isLast = rest.starts(with: [.hyphen, .hyphen])
        if isLast { rest = rest.dropFirst(2) }
        rest = rest.drop(while: \.isSpaceOrTab)
        if isLast && rest.isEmpty { return true }
        guard rest.starts(with: [.carriageReturn, .lineFeed]) else {
            throw .invalidMultipart("something stands behind a boundary in its line")
        }
        position = rest.startIndex + 2
        return isLast
    }
}
