internal import Concurrency
public import HTTP
public import HTTPServer
internal import HTTPTypes
public import Logging
public import Switchback

/// The routes of the service: what `openapi.yaml` promises, over an engine.
public final class WebService: RequestHandler {
    let router: Router<Route>
    let maximumImageBytes: Int
    let access: AccessControl
    let metrics: ServiceMetrics
    let readiness: Readiness
    private let logger: Logger

    /// The service over `engine`.
    ///
    /// - Parameters:
    ///   - images: where posted images are kept; in memory unless told.
    ///   - jobs: what long sweeps become; without them they are refused.
    ///   - datasets: the data sets that can be asked about; none unless told.
    ///   - access: who may; everybody unless told.
    ///   - limits: the bounds of forms and bodies; those that suit the engine unless told.
    ///   - answerCacheBytes: what finished answers kept for the next who asks may take; 64 MiB unless told.
    ///   - registry: where the service counts, and what `/metrics` writes.
    ///   - contract: the bytes of `openapi.yaml`; without them there is no `/openapi.yaml`.
    ///   - stages: told of each stage of each answer; "compute" comes once a computation.
    public init(
        engine: ExplanationEngine, images: ImageStore? = nil, jobs: ServiceJobs? = nil,
        datasets: DatasetCatalog = .empty, logger: Logger, access: AccessControl = AccessControl(),
        limits: Limits? = nil, answerCacheBytes: Int = WebService.answerCacheBytes,
        metrics registry: PrometheusRegistry = PrometheusRegistry(), contract: [UInt8]? = nil,
        stages: @escaping @Sendable (ExplanationKind, Stage) -> Void = { _, _ in }
    ) {
        self.logger = logger
        self.access = access
        let images = images ?? ImageStore(images: engine.limits)
        let answers = AnswerCache(byteLimit: answerCacheBytes)
        let metrics = ServiceMetrics(registry, engine: engine, images: images, answers: answers)
        self.metrics = metrics
        readiness = Readiness(engine: engine)
        ServerMetrics.register(in: registry) { [readiness] in readiness.statistics }
        maximumImageBytes = engine.limits.maximumImageBytes
        let reader = SubmissionReader(limits: limits ?? WebService.limits(for: engine.limits))
        let cache = CachePolicy(isShared: !access.requiresTokens)
        let observe = metrics.observing(stages)
        var router = Router<Route>()
        for kind in ExplanationKind.allCases {
            let route = ExplanationRoute(
                kind: kind, engine: engine, store: images, reader: reader, cache: cache, answers: answers,
                observe: observe, datasets: datasets, jobs: jobs.map(JobSubmission.init))
            router.on(.get, "/" + kind.rawValue, .explanation(route))
            router.on(.post, "/" + kind.rawValue, .explanation(route))
        }
        let image = ImageRoute(store: images, reader: reader, cache: cache)
        router.on(.post, Address.images, .storeImage(image))
        router.on(.get, Address.images + "/{sha256}", .image(image))
        router.on(.delete, Address.images + "/{sha256}", .image(image))
        DatasetsRoute(datasets: datasets, jobs: jobs?.jobs).register(in: &router)
        if let jobs {
            let result = JobResultRoute(
                jobs: jobs.jobs, engine: engine, images: images, cache: cache, answers: answers, observe: observe)
            JobsRoute(jobs: jobs, result: result).register(in: &router, counting: registry)
        }
        Self.addOthers(to: &router, engine: engine, access: access, registry: registry, contract: contract)
        self.router = router
    }

    /// The routes that are about no image.
    private static func addOthers(
        to router: inout Router<Route>, engine: ExplanationEngine, access: AccessControl, registry: PrometheusRegistry,
        contract: [UInt8]?
    ) {
        router.on(.get, "/models", .models(ModelsRoute(engine: engine)))
        router.on(.get, "/models/{name}", .models(ModelsRoute(engine: engine)))
        router.on(.post, "/signatures", .signatures(SignaturesRoute(access: access)))
        router.on(.get, "/healthz", .health)
        router.on(.get, "/readyz", .readiness)
        router.on(.get, "/metrics", .metrics(registry))
        if let contract { router.on(.get, "/openapi.yaml", .contract(ContractRoute(contract))) }
    }

    /// What finished answers may take unless told.
    public static let answerCacheBytes = 64 << 20

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
        case storeImage(ImageRoute)
        case image(ImageRoute)
        case datasets(DatasetsRoute, DatasetsRoute.Operation)
        case jobs(JobsRoute, JobsRoute.Operation)
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
        let coding = ContentCoding(acceptedBy: request.fields)
        return sealed(coding.applied(to: answer(to: request, context: context)), for: request.head)
    }

    private func answer(to request: Request, context: RequestContext) -> Response {
        do {
            switch router.match(request.method, request.target) {
            case .found(.explanation(let route), _, _):
                let response = try route.respond(
                    to: request, asker: access.asker(of: request.head), token: context.token)
                if response.status == .notModified { metrics.notModified(route.kind) }
                return response
            case .found(.storeImage(let route), _, _): return try route.post(request)
            case .found(.image(let route), _, let parameters):
                return try route.respond(to: request, sha256: parameters["sha256"] ?? "")
            case .found(.datasets(let route, let operation), _, let parameters):
                return try route.respond(
                    to: request, operation, name: parameters["name"] ?? "", token: context.token)
            case .found(.jobs(let route, let operation), _, let parameters):
                return try route.respond(
                    to: request, operation, id: parameters["id"] ?? "", asker: access.asker(of: request.head),
                    token: context.token)
            case .found(.models(let route), _, let parameters):
                return try route.respond(to: request, named: parameters["name"])
            case .found(.signatures(let route), _, _): return try route.respond(to: request)
            case .found(.contract(let route), _, _): return route.respond(to: request)
            case .found(.health, _, _): return Self.health
            case .found(.readiness, _, _): return readiness.response(requestID: context.requestID)
            case .found(.metrics(let registry), _, _): return Self.text(of: registry)
            case .options(let allow): return options(of: request.head, allow)
            case .methodNotAllowed(let allow):
                return methodNotAllowed(request.head, allow, requestID: context.requestID)
            case .notFound: return notFound(request.head, requestID: context.requestID)
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

    private func options(of head: RequestHead, _ methods: [HTTPRequest.Method]) -> Response {
        var response = Response(status: .noContent)
        response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")
        access.crossOrigin.answerPreflight(&response, head, methods: methods)
        return response
    }
}
