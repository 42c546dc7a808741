internal import Blobs

/// A bearer token as the service remembers it: its digest, not itself.
struct AccessToken: Equatable, Sendable {
    /// The shortest token, in characters.
    static let minimumLength = 16

    /// What logs call its bearer.
    let name: String
    let scopes: Set<AccessScope>
    let digest: Digest

    /// Whether `text` can be sent as a bearer token: `b64token` of RFC 6750, section 2.1.
    static func isWellFormed(_ text: some StringProtocol) -> Bool {
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        return !body.isEmpty
            && body.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}

/// The tokens that are good.
struct AccessTokens: Equatable, Sendable {
    let tokens: [AccessToken]

    /// The one that `text` is, or nil.
    ///
    /// Digests are compared, every one of them in constant time, so that the time says nothing about any token.
    func find(_ text: some StringProtocol) -> AccessToken? {
        let digest = Digest.sha256(of: Array(text.utf8))
        var found: AccessToken?
        for token in tokens where ConstantTime.isEqual(token.digest.bytes, digest.bytes) { found = token }
        return found
    }
}
