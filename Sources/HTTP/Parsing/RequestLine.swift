internal import HTTPTypes

/// `method SP request-target SP HTTP-version` (RFC 9112 section 3).
enum RequestLine {
    /// Reads a line without its line end.
    static func read(_ line: Span<UInt8>, limits: Limits) throws(HTTPError) -> RequestParts {
        guard let first = line.firstIndex(of: .space), let second = line.firstIndex(of: .space, from: first + 1),
            line.firstIndex(of: .space, from: second + 1) == nil, first + 1 < second
        else { throw .invalidRequestLine("\(String(quoting: line)) is not a method, a target and a version") }
        let name = line.extracting(first: first)
        guard let method = method(name) else {
            throw .invalidRequestLine("\(String(quoting: name)) is no method")
        }
        let version = try version(line.extracting(droppingFirst: second + 1))
        // A method longer than any there is (RFC 9112 section 3), and the one of proxies.
        guard name.count <= 32, name.count != 7 || method != .connect else {
            throw .methodNotImplemented(String(quoting: name))
        }
        let target = line.extracting((first + 1)..<second)
        return try RequestTarget(target, method: method, version: version, limits: limits).parts
    }

    /// The method of that name; by far the most are GET.
    private static func method(_ name: Span<UInt8>) -> HTTPRequest.Method? {
        if name.count == 3, name[0] == 0x47, name[1] == 0x45, name[2] == 0x54 { return .get }
        return name.isToken ? HTTPRequest.Method(String(decoding: name)) : nil
    }

    /// `HTTP/` digit `.` digit.
    private static func version(_ bytes: Span<UInt8>) throws(HTTPError) -> HTTPVersion {
        guard bytes.count == 8, bytes[0] == 0x48, bytes[1] == 0x54, bytes[2] == 0x54, bytes[3] == 0x50,
            bytes[4] == .slash, bytes[5].isDigit, bytes[6] == .period, bytes[7].isDigit
        else { throw .invalidRequestLine("\(String(quoting: bytes)) is no version of HTTP") }
        guard bytes[5] == 0x31 else { throw .versionNotSupported(String(decoding: bytes)) }
        return bytes[7] == 0x30 ? .http10 : .http11
    }
}
