/// Why a request is not answered, though it may be a good one.
enum AccessRefusal: Error, Equatable, Sendable {
    /// There is neither a bearer token nor a signature where one is needed.
    case noCredentials
    /// The bearer token is malformed or none of those that are good.
    case unknownToken
    /// The token is good, but not for this.
    case insufficientScope(needed: AccessScope)
    /// The signature was good until then, in seconds since 1970.
    case expiredLink(at: Int64)
    /// The signature is not that of this link: the link was changed, cut short, or signed with another key.
    case wrongSignature
    /// Only `expires` or only `signature` is there, or either more than once or malformed.
    case malformedSignature
    /// The link is signed, but leads to what signatures do not open.
    case unsignable
}

extension AccessRefusal: CustomStringConvertible {
    /// What is missing, for the client.
    var description: String {
        switch self {
        case .noCredentials: "this needs a bearer token, in the field 'Authorization: Bearer …'"
        case .unknownToken: "the bearer token is not valid here"
        case .insufficientScope(let needed): "the token does not have the scope '\(needed.rawValue)', which this needs"
        case .expiredLink(let instant): "the link has expired, at \(instant) seconds after 1970; ask for a new one"
        case .wrongSignature:
            "the link's signature is wrong: the link was changed, or signed with a key that is no longer in use"
        case .malformedSignature: "a signed link has one 'expires', in seconds after 1970, and one 'signature'"
        case .unsignable: "a signature opens GET of pictures and of the five explanations of an image alone"
        }
    }
}
