internal import HTTP
internal import HTTPTypes
internal import Switchback

/// What a request needs, by its method and path alone: known before anything of it is read.
enum AccessRequirement: Equatable, Sendable {
    /// Nothing.
    case nothing
    /// A token with that scope.
    case scope(AccessScope)

    /// Paths that say how the service is and what it is, and its page.
    private static let open: Set<String> = ["/", "/healthz", "/readyz", "/openapi.yaml"]
    private static let signable = Set(ExplanationKind.aboutImages.map(\.rawValue))

    /// What `head` needs.
    ///
    /// A path that does not exist needs what most do, so that nobody learns without a token which paths there are; what
    /// needs nothing is not told (``AccessControl/mayListPaths(_:)``).
    init(_ head: RequestHead, metricsAreOpen: Bool) {
        let (method, path) = (head.method, head.target.path)
        switch method {
        case .options: self = .nothing
        case .get where Self.open.contains(path), .head where Self.open.contains(path): self = .nothing
        case .get where path == "/metrics" && metricsAreOpen, .head where path == "/metrics" && metricsAreOpen:
            self = .nothing
        // Who adds to a data set changes what others ask about.
        case .post where head.target.segments.first == "datasets": self = .scope(.manage)
        case .get, .head, .post: self = .scope(.read)
        // A job is cancelled by its owner, or by who may manage: the route looks at whose it is.
        case .delete where head.target.segments.first == "jobs": self = .scope(.read)
        default: self = .scope(.manage)
        }
    }

    /// Whether a signature may stand in the place of a token: GET, or HEAD, of a picture.
    static func isSignable(_ method: HTTPRequest.Method, _ target: RequestTarget) -> Bool {
        isPicture(method, target) && !isAboutDataset(target)
    }

    /// Whether a data set is asked about, which starts a job.
    static func isAboutDataset(_ target: RequestTarget) -> Bool { !target.values("dataset").isEmpty }

    /// Whether it is GET, or HEAD, of an explanation or a stored image.
    static func isPicture(_ method: HTTPRequest.Method, _ target: RequestTarget) -> Bool {
        guard method == .get || method == .head else { return false }
        let segments = target.segments
        guard let first = segments.first else { return false }
        return segments.count == 1 ? signable.contains(first) : segments.count == 2 && first == "images"
    }
}
