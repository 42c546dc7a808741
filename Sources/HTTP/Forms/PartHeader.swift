internal import HTTPTypes

/// The header of a part (RFC 7578 section 4.2).
struct PartHeader {
    let name: String
    let filename: String?
    let contentType: String?

    /// Reads the header that begins at `position` and moves behind its empty line.
    init(_ body: [UInt8], _ position: inout Int, limits: Limits) throws(HTTPError) {
        let fields = try Self.fields(body, &position, limit: limits.maximumPartHeaderBytes)
        guard let disposition = fields[.contentDisposition] else {
            throw .invalidMultipart("a part has no Content-Disposition")
        }
        let pieces = FieldList.split(Array(disposition.utf8)[...], at: .semicolon)
        guard pieces[0].isEqualIgnoringCase(to: "form-data"),
            let parameters = FieldList.parameters(pieces.dropFirst(), escapes: .quotesAndBackslashes)
        else { throw .invalidMultipart("Content-Disposition \(String(quoting: disposition.utf8)) is not form-data") }
        guard let name = parameters.first(where: { $0.name == "name" }) else {
            throw .invalidMultipart("a part has no name")
        }
        self.name = Self.text(name.value)
        filename = parameters.first { $0.name == "filename" }.map { Self.lastComponent(Self.text($0.value)) }
        contentType = fields[.contentType]
        try Self.requirePlainEncoding(fields)
    }

    /// RFC 7578 knows three.
    private static let maximumLines = 16

    private static func fields(
        _ body: [UInt8], _ position: inout Int, limit: Int
    ) throws(HTTPError) -> HTTPFields {
        let end = position + limit
        var fields = HTTPFields()
        while true {
            guard let lineEnd = body[position...].prefix(max(0, end - position)).firstIndex(of: .lineFeed) else {
                throw body.count > end ? .partHeaderTooLarge(limit: limit) : .invalidMultipart("a part is cut short")
            }
            guard lineEnd > position, body[lineEnd - 1] == .carriageReturn else {
                throw .invalidMultipart("a header line of a part ends with LF alone")
            }
            let line = body[position..<(lineEnd - 1)]
            position = lineEnd + 1
            if line.isEmpty { return fields }
            guard fields.count < maximumLines else {
                throw .invalidMultipart("a part has more than \(maximumLines) header lines")
            }
            fields.append(try field(line, among: fields))
        }
    }

    private static func field(_ line: ArraySlice<UInt8>, among fields: HTTPFields) throws(HTTPError) -> HTTPField {
        guard String(validating: line, as: UTF8.self) != nil else { throw .invalidText("the header of a part") }
        let field: HTTPField
        do throws(HTTPError) {
            field = try FieldSection.field(line.span)
        } catch {
            if case .invalidField(let reason) = error { throw .invalidMultipart("the header of a part: \(reason)") }
            throw error
        }
        guard !fields.contains(field.name) else { throw .invalidMultipart("\(field.name) stands twice in a part") }
        return field
    }

    /// Browsers write line ends and quotes in names as `%0D`, `%0A` and `%22` (WHATWG HTML, "multipart/form-data
    /// encoding algorithm"), and nothing else.
    private static func text(_ bytes: [UInt8]) -> String {
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index...].prefix(3) {
            case [.percent, 0x32, 0x32]: decoded.append(.quote)
            case [.percent, 0x30, 0x41], [.percent, 0x30, 0x61]: decoded.append(.lineFeed)
            case [.percent, 0x30, 0x44], [.percent, 0x30, 0x64]: decoded.append(.carriageReturn)
            default:
                decoded.append(bytes[index])
                index += 1
                continue
            }
            index += 3
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Folders in the name of a file are none of the receiver's business (RFC 7578 section 4.2).
    private static func lastComponent(_ filename: String) -> String {
        String(filename.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? "")
    }

    /// Base64 and quoted-printable are not to be used (RFC 7578 section 4.7); read as they are they would be garbage.
    private static func requirePlainEncoding(_ fields: HTTPFields) throws(HTTPError) {
        guard let name = HTTPField.Name("Content-Transfer-Encoding"), let encoding = fields[name] else { return }
        guard ["7bit", "8bit", "binary"].contains(encoding.lowercased()) else {
            throw .invalidMultipart("Content-Transfer-Encoding \(String(quoting: encoding.utf8)) is not taken")
        }
    }
}
