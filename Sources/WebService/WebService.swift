internal import Concurrency
public import HTTP
public import HTTPServer
internal import HTTPTypes
public import Logging
public import Switchback

/// The routes of the service: what `openapi.yaml` promises, over an engine.
public final class WebService: RequestHandler {
    let router: Router<Route>
    let access: AccessControl
    let metrics: ServiceMetrics
    let readiness: Readiness
    private let logger: Logger

    /// The service over `engine`.
    ///
    /// - Parameters:
    ///   - access: who may; everybody unless told.
    ///   - registry: where the service counts, and what `/metrics` writes.
    ///   - contract: the bytes of `openapi.yaml`; without them there is no `/openapi.yaml`.
    public init(
        engine: ExplanationEngine, logger: Logger, access: AccessControl = AccessControl(),
        metrics registry: PrometheusRegistry = PrometheusRegistry(), contract: [UInt8]? = nil
    ) {
        let limits = WebService.limits(for: engine.limits)
        self.logger = logger
        self.access = access
        readiness = Readiness(engine: engine)
        metrics = ServiceMetrics(registry, engine: engine)
        ServerMetrics.register(in: registry) { [readiness] in readiness.statistics }
        var router = Router<Route>()
        for kind in ExplanationKind.allCases {
            let route = ExplanationRoute(kind, engine: engine, limits: limits, metrics: metrics)
            router.on(.post, "/" + kind.rawValue, .explanation(route))
        }
        router.on(.get, "/models", .models(ModelsRoute(engine: engine)))
        router.on(.get, "/models/{name}", .models(ModelsRoute(engine: engine)))
        router.on(.post, "/signatures", .signatures(SignaturesRoute(access: access)))
        router.on(.get, "/healthz", .health)
        router.on(.get, "/readyz", .readiness)
        router.on(.get, "/metrics", .metrics(registry))
        if let contract { router.on(.get, "/openapi.yaml", .contract(ContractRoute(contract))) }
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
    enum Route: Sendable {
        case explanation(ExplanationRoute)
        case models(ModelsRoute)
        case signatures(SignaturesRoute)
        case health
        case readiness
        case metrics(PrometheusRegistry)
        case contract(ContractRoute)
    }

    /// The answer to `request`; every error is a problem document.
    public func respond(to request: Request, context: RequestContext) -> Response {
        metrics.waited(context.waited)
        return sealed(answer(to: request, context: context), for: request.head)
    }

    private func answer(to request: Request, context: RequestContext) -> Response {
        do {
            switch router.match(request.method, request.target) {
            case .found(.explanation(let route), _, _): return try route.respond(to: request, token: context.token)
            case .found(.models(let route), _, let parameters):
                return try route.respond(to: request, named: parameters["name"])
            case .found(.signatures(let route), _, _): return try route.respond(to: request)
            case .found(.contract(let route), _, _): return route.respond(to: request)
            case .found(.health, _, _): return Self.health
            case .found(.readiness, _, _): return readiness.response(requestID: context.requestID)
            case .found(.metrics(let registry), _, _): return Self.text(of: registry)
            case .options(let allow): return options(of: request.head, allow)
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

    /// A refusal of the server itself (too large, too slow, malformed, busy) as a problem document.
    public func response(refusing failure: HTTPError, head: RequestHead?, requestID: String) -> Response {
        sealed(Problem(failure.status, failure.description).response(requestID: requestID), for: head)
    }

    /// `response` with what every answer carries, whoever made it: what browsers may do with it.
    func sealed(_ response: Response, for head: RequestHead?) -> Response {
        var response = response
        SecurityHeaders.apply(to: &response)
        access.crossOrigin.apply(to: &response, answering: head)
        return response
    }

    private func response(to error: any Error, context: RequestContext) -> Response {
        let problem = Problem(error)
        if problem.status.code >= 500, !(error is Stopped) {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
        }
        return problem.response(requestID: context.requestID)
    }

    private static let paths =
        (ExplanationKind.allCases.map(\.rawValue)
        + ["models", "models/{name}", "signatures", "healthz", "readyz", "metrics", "openapi.yaml"])
        .map { "/" + $0 }.joined(separator: ", ")

    private func options(of head: RequestHead, _ methods: [HTTPRequest.Method]) -> Response {
        var response = Response(status: .noContent)
        response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        access.crossOrigin.answerPreflight(&response, head, methods: methods)
        return response
    }
}
