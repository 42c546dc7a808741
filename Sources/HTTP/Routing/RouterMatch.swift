public import HTTPTypes

/// What a router says of a request.
public enum RouterMatch<Handler: Sendable>: Sendable {
    /// The handler, the pattern it was registered with, and the decoded path segments that the pattern names.
    case found(Handler, pattern: String, parameters: [String: String])
    /// The route (or the server, for `*`) was asked what it can do: 204 with `Allow`.
    case options(allow: [HTTPRequest.Method])
    /// The route has no such method: 405 with `Allow`.
    case methodNotAllowed(allow: [HTTPRequest.Method])
    /// There is no such route: 404.
    case notFound
}
