internal import Blobs
internal import Foundation
internal import HTTP
internal import HTTPTypes

/// Signs links to pictures, so that an `<img>`, which sends no token, may show them for a while.
///
/// The signature is HMAC-SHA-256 over the decoded path and the query's pairs in order of their names, so a link stays
/// good however its characters are percent-encoded and its options ordered.
struct LinkSigner: Sendable {
    static let minimumKeyBytes = 32
    /// The query parameters of a signature.
    static let expires = "expires"
    static let signature = "signature"

    private let authentication: MessageAuthentication

    /// A signer with a key of at least ``minimumKeyBytes``.
    init(key: [UInt8]) {
        precondition(key.count >= Self.minimumKeyBytes, "a signing key of \(key.count) bytes")
        authentication = MessageAuthentication(key: key)
    }

    /// A key that nobody knows and that ends with this process.
    static func randomKey() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<minimumKeyBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Whether a query parameter belongs to a signature and is no option.
    static func isParameter(_ name: String) -> Bool { name == expires || name == signature }

    /// `target` with what makes it good until `instant`, in seconds since 1970.
    func signed(_ target: RequestTarget, until instant: Int64) -> String {
        let code = authentication.code(for: Self.message(target, until: instant))
        let separator = target.rawQuery.map { $0.isEmpty ? "" : "&" } ?? "?"
        return "\(target.raw)\(separator)\(Self.expires)=\(instant)&\(Self.signature)=\(Base64URL.encode(code.bytes))"
    }

    /// Whether `target` carries a part of a signature.
    static func isSigned(_ target: RequestTarget) -> Bool { target.query.contains { isParameter($0.name) } }

    /// Throws unless the signature that `target` carries is right and good at `now`.
    func check(_ target: RequestTarget, at now: Int64) throws(AccessRefusal) {
        let (instants, codes) = (target.values(Self.expires), target.values(Self.signature))
        guard instants.count == 1, codes.count == 1, let instant = Int64(instants[0]), "\(instant)" == instants[0],
            let code = Base64URL.decode(codes[0])
        else { throw .malformedSignature }
        guard authentication.isValid(code, for: Self.message(target, until: instant)) else { throw .wrongSignature }
        guard now < instant else { throw .expiredLink(at: instant) }
    }

    /// What is signed: lengths before texts, so that no two links have the same.
    private static func message(_ target: RequestTarget, until instant: Int64) -> [UInt8] {
        var text = "switchback link 1\nGET\n\(instant)\n"
        func add(_ part: String) { text += "\(part.utf8.count):\(part)\n" }
        add(target.path)
        let pairs = target.query.filter { !isParameter($0.name) }
        for pair in pairs.enumerated().sorted(by: { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }) {
            add(pair.element.name)
            add(pair.element.value)
        }
        return Array(text.utf8)
    }
}

/// Base64 for URLs, without padding (RFC 4648 section 5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Base64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes that `text` stands for, nil where it is anything but their one spelling.
    static func decode(_ text: String) -> [UInt8]? {
        let padded =
            text.replacing("-", with: "+").replacing("_", with: "/")
            + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(padded), encode(bytes) == text else { return nil }
        return bytes
    }
}
