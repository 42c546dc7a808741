/// Why the configuration of access cannot be used.
///
/// No secret stands in it.
public enum AccessError: Error, Equatable, Sendable {
    /// A file of secrets cannot be read.
    case unreadable(path: String, reason: String)
    /// Others than its owner may read or change a file of secrets, or it belongs to a stranger.
    case exposed(path: String, reason: String)
    /// A line of the token file is not `name scopes token`.
    case badTokenLine(path: String, line: Int, reason: String)
    /// The token file has no token in it.
    case noTokens(path: String)
    /// The signing key is too short to be a secret.
    case shortKey(path: String, bytes: Int)
    /// The text is no origin.
    case badOrigin(String)
    /// Every origin is allowed although tokens guard the answers.
    case anyOriginWithTokens
}

extension AccessError: CustomStringConvertible {
    /// One sentence for the operator.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "the file of secrets \(path) cannot be read: \(reason)"
        case .exposed(let path, let reason): "the file of secrets \(path) is not kept secret: \(reason)"
        case .badTokenLine(let path, let line, let reason): "line \(line) of the token file \(path): \(reason)"
        case .noTokens(let path): "the token file \(path) has no token in it: nobody could use the service"
        case .shortKey(let path, let bytes):
            "the signing key in \(path) has \(bytes) bytes; at least \(LinkSigner.minimumKeyBytes) are needed, as from "
                + "'openssl rand -hex 32'"
        case .badOrigin(let text):
            "'\(text)' is no origin: write scheme, host and port alone, as in https://app.example or "
                + "http://localhost:3000"
        case .anyOriginWithTokens: "with tokens the origin '*' is not allowed: name the origins"
        }
    }
}
