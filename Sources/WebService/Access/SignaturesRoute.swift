internal import Concurrency
internal import HTTP
internal import HTTPTypes

/// `POST /signatures`: makes a link that needs no token for a while.
struct SignaturesRoute: Sendable {
    /// For how long a link is good unless told: an hour.
    static let usualLifetime = Timeout.seconds(3600)

    let access: AccessControl

    func respond(to request: Request) throws -> Response {
        let (target, lifetime) = try read(request)
        let (link, expires) = access.signed(target, for: lifetime)
        var response = Response(json: .members(["url": .string(link), "expires": .integer(Int(expires))]))
        // Whoever holds the link may use it: no cache keeps it.
        response.fields[.cacheControl] = "no-store"
        return response
    }

    private func read(_ request: Request) throws -> (RequestTarget, Timeout) {
        guard let type = request.fields[.contentType], MediaType(type)?.essence == "application/json" else {
            throw SignatureError.unsupportedType
        }
        guard case .object(let members) = try? JSON(parsing: request.body) else {
            throw SignatureError.malformed("the body should be a JSON object with the member 'url'")
        }
        var target: RequestTarget?
        var lifetime = min(Self.usualLifetime, access.configuration.maximumLinkLifetime)
        for member in members {
            switch (member.name, member.value) {
            case ("url", .string(let text)): target = try self.target(text)
            case ("lifetime", .integer(let seconds)): lifetime = try self.lifetime(seconds)
            case ("url", _): throw SignatureError.malformed("the member 'url' should be a string")
            case ("lifetime", _): throw SignatureError.malformed("the member 'lifetime' should be whole seconds")
            default:
                throw SignatureError.malformed("there is no member '\(member.name)'; there are 'url' and 'lifetime'")
            }
        }
        guard let target else { throw SignatureError.malformed("the member 'url' is missing") }
        return (target, lifetime)
    }

    private func target(_ text: String) throws(SignatureError) -> RequestTarget {
        guard let target = try? RequestTarget(text), target.form == .origin,
            AccessRequirement.isPicture(.get, target)
        else {
            throw .malformed("the member 'url' should be path and query of a picture, as /occlusion?image=…&format=png")
        }
        guard !AccessRequirement.isAboutDataset(target) else {
            throw .malformed(
                "the URL is about a data set, which is gone through as a job, and no signed link starts one")
        }
        guard target.segments.first == "images" || target.values("image").contains(where: { !$0.isEmpty }) else {
            throw .malformed("the URL names no image: it should have '?image=' with the SHA-256 of one that is stored")
        }
        guard !LinkSigner.isSigned(target) else { throw .malformed("the URL is signed already") }
        return target
    }

    private func lifetime(_ seconds: Int) throws(SignatureError) -> Timeout {
        let maximum = Int(access.configuration.maximumLinkLifetime.seconds)
        guard (1...max(1, maximum)).contains(seconds) else {
            throw .malformed("the member 'lifetime' should be 1 … \(maximum) seconds")
        }
        return .seconds(Double(seconds))
    }
}

/// Why a link is not signed.
enum SignatureError: Error, Equatable, CustomStringConvertible {
    /// The body is not JSON by its type.
    case unsupportedType
    /// The body is not what it should be.
    case malformed(String)

    var description: String {
        switch self {
        case .unsupportedType: "the body should be of the type application/json"
        case .malformed(let reason): reason
        }
    }
}
