internal import HTTP
internal import HTTPTypes

/// The bearer token that a request brings in its `Authorization` field (RFC 6750, section 2.1).
enum BearerToken: Equatable {
    /// There is no such field, or one of another scheme.
    case absent
    /// The field says `Bearer`, and then something else than one token.
    case malformed
    case present(Substring)

    init(in fields: HTTPFields) {
        let values = fields[values: .authorization]
        guard let value = values.first else {
            self = .absent
            return
        }
        let words = value.split(separator: " ", maxSplits: 1)
        guard values.count == 1, words.count == 2, words[0].lowercased() == "bearer" else {
            self = values.count > 1 || value.lowercased() == "bearer" ? .malformed : .absent
            return
        }
        let token = words[1].drop { $0 == " " }
        self = AccessToken.isWellFormed(token) ? .present(token) : .malformed
    }
}
