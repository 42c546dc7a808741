internal import HTTPTypes

extension Problem {
    /// The problem of a request that may not be answered: 401 where a token is missing or unknown, 403 where what is
    /// there does not suffice (RFC 6750, section 3).
    init(access refusal: AccessRefusal) {
        switch refusal {
        case .noCredentials:
            self.init(.unauthorized, refusal.description)
            challenge = Self.challenge()
        case .unknownToken:
            self.init(.unauthorized, refusal.description)
            challenge = Self.challenge(error: "invalid_token")
        case .insufficientScope(let needed):
            self.init(.forbidden, refusal.description)
            challenge = Self.challenge(error: "insufficient_scope") + ", scope=\"\(needed.rawValue)\""
        case .expiredLink, .wrongSignature, .malformedSignature, .unsignable:
            self.init(.forbidden, refusal.description)
        }
    }

    private static func challenge(error: String? = nil) -> String {
        "Bearer realm=\"switchback\"" + (error.map { ", error=\"\($0)\"" } ?? "")
    }
}
