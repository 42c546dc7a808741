internal import HTTPTypes

/// `method SP request-target SP HTTP-version` (RFC 9112 section 3).
struct RequestLine: Sendable {
    let method: HTTPRequest.Method
    let target: RequestTarget
    let version: HTTPVersion

    /// Reads a line without its line end.
    init(_ line: ArraySlice<UInt8>, limits: Limits) throws(HTTPError) {
        guard let first = line.firstIndex(of: .space),
            let second = line[(first + 1)...].firstIndex(of: .space),
            !line[(second + 1)...].contains(.space), first + 1 < second
        else { throw .invalidRequestLine("\(String(quoting: line)) is not a method, a target and a version") }
        let name = line[..<first]
        guard name.isToken, let method = HTTPRequest.Method(String(decoding: name, as: UTF8.self)) else {
            throw .invalidRequestLine("\(String(quoting: name)) is no method")
        }
        version = try Self.version(line[(second + 1)...])
        // A method longer than any there is (RFC 9112 section 3), and the one of proxies.
        guard name.count <= 32, method != .connect else { throw .methodNotImplemented(String(quoting: name)) }
        self.method = method
        target = try RequestTarget(line[(first + 1)..<second], method: method, limits: limits)
    }

    /// `HTTP/` digit `.` digit.
    private static func version(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> HTTPVersion {
        let digits = bytes.dropFirst(5)
        guard bytes.starts(with: "HTTP/".utf8), digits.count == 3, let major = digits.first, major.isDigit,
            digits[digits.startIndex + 1] == .period, let minor = digits.last, minor.isDigit
        else { throw .invalidRequestLine("\(String(quoting: bytes)) is no version of HTTP") }
        guard major == 0x31 else { throw .versionNotSupported(String(decoding: bytes, as: UTF8.self)) }
        return minor == 0x30 ? .http10 : .http11
    }
}
