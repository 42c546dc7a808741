public import HTTP
public import HTTPServer
internal import HTTPTypes
internal import Switchback

extension WebService {
    /// Takes the server that the service answers behind: `/readyz` then says no once it drains, and `/metrics` tells of
    /// its connections.
    ///
    /// Called before the server is started. The service does not keep it alive.
    public func follow(_ server: Server) { readiness.follow(server) }

    /// Whether the request is an operator's, which never waits behind busy handlers.
    public func isUrgent(_ head: RequestHead) -> Bool {
        switch head.target.path {
        case "/healthz", "/readyz", "/metrics": true
        default: false
        }
    }

    /// The health check, which does not even wait for a thread.
    public func immediateResponse(to request: Request, context: RequestContext) -> Response? {
        guard request.target.path == "/healthz", request.method == .get || request.method == .head else { return nil }
        return sealed(Self.health, for: request.head)
    }

    /// Counts a request that is over.
    public func finished(_ request: RequestSummary) { metrics.finished(request, route: route(of: request)) }

    /// The pattern that a request matched; one for all that matched none, so that clients cannot make up new ones.
    private func route(of request: RequestSummary) -> String {
        guard let head = request.head else { return "unmatched" }
        for method in [head.method, .get, .post] {
            if case .found(_, let pattern, _) = router.match(method, head.target) { return pattern }
        }
        return "unmatched"
    }

    static let health = Response(json: .members(["status": .string("ok"), "version": .string(Version.current)]))

    static func text(of registry: PrometheusRegistry) -> Response {
        Response(
            status: .ok, fields: [.contentType: PrometheusText.mediaType, .cacheControl: "no-store"],
            body: registry.rendered())
    }
}
