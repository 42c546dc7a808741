internal import Concurrency
public import HTTP
public import HTTPServer
internal import HTTPTypes
public import Logging
public import Switchback

/// The routes of the service: what `openapi.yaml` promises, over an engine.
public final class WebService: RequestHandler {
    private let router: Router<Route>
    private let logger: Logger

    /// The service over `engine`.
    public init(engine: ExplanationEngine, logger: Logger) {
        let limits = WebService.limits(for: engine.limits)
        self.logger = logger
        var router = Router<Route>()
        for kind in ExplanationKind.allCases {
            router.on(.post, "/" + kind.rawValue, .explanation(ExplanationRoute(kind, engine: engine, limits: limits)))
        }
        router.on(.get, "/models", .models(ModelsRoute(engine: engine)))
        router.on(.get, "/models/{name}", .models(ModelsRoute(engine: engine)))
        router.on(.get, "/healthz", .health)
        self.router = router
    }

    /// The bounds of messages that suit the engine's: a form adds its boundaries and fields to the image and base64 a
    /// third, so a body may be half as large again; the image's own limit is checked when it is read.
    public static func limits(for engine: EngineLimits) -> Limits {
        var limits = Limits()
        limits.maximumBodyBytes = engine.maximumImageBytes + engine.maximumImageBytes / 2 + (64 << 10)
        return limits
    }

    /// What answers a path.
    private enum Route: Sendable {
        case explanation(ExplanationRoute)
        case models(ModelsRoute)
        case health
    }

    /// The answer to `request`; every error is a problem document.
    public func respond(to request: Request, context: RequestContext) -> Response {
        do {
            switch router.match(request.method, request.target) {
            case .found(.explanation(let route), _, _): return try route.respond(to: request, token: context.token)
            case .found(.models(let route), _, let parameters):
                return try route.respond(to: request, named: parameters["name"])
            case .found(.health, _, _): return Self.health
            case .options(let allow): return Self.allowing(allow, status: .noContent)
            case .methodNotAllowed(let allow):
                let methods = allow.map(\.rawValue).joined(separator: ", ")
                let problem = Problem(
                    .methodNotAllowed, "\(request.target.path) takes \(methods), not \(request.method.rawValue)")
                var response = problem.response(requestID: context.requestID)
                response.fields[.allow] = methods
                return response
            case .notFound:
                return Problem(.notFound, "there is no \(request.target.path); there are \(Self.paths)")
                    .response(requestID: context.requestID)
            }
        } catch {
            return response(to: error, context: context)
        }
    }

    /// The health check never waits behind busy handlers.
    public func isUrgent(_ head: RequestHead) -> Bool { head.target.path == "/healthz" }

    /// A refusal of the server itself (too large, too slow, malformed, busy) as a problem document.
    public func response(refusing failure: HTTPError, head: RequestHead?, requestID: String) -> Response {
        Problem(failure.status, failure.description).response(requestID: requestID)
    }

    private func response(to error: any Error, context: RequestContext) -> Response {
        let problem = Problem(error)
        if problem.status.code >= 500, !(error is Stopped) {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
        }
        return problem.response(requestID: context.requestID)
    }

    private static let paths = (ExplanationKind.allCases.map(\.rawValue) + ["models", "models/{name}", "healthz"])
        .map { "/" + $0 }.joined(separator: ", ")

    private static var health: Response {
        Response(json: .members(["status": .string("ok"), "version": .string(Version.current)]))
    }

    private static func allowing(_ methods: [HTTPRequest.Method], status: HTTPResponse.Status) -> Response {
        var response = Response(status: status)
        response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        return response
    }
}
