internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Switchback

/// An error as clients see it: `application/problem+json` (RFC 9457).
///
/// This is the one place that knows status codes.
struct Problem: Equatable {
    let status: HTTPResponse.Status
    /// What was wrong, where, and what is allowed; no path, stack or internal name.
    let detail: String
    /// The option at fault.
    var option: String?
    /// What the sweep would have cost.
    var estimate: CostSummary?
    /// What `WWW-Authenticate` says with a 401 or 403.
    var challenge: String?

    init(_ status: HTTPResponse.Status, _ detail: String, option: String? = nil, estimate: CostSummary? = nil) {
        self.status = status
        self.detail = detail
        self.option = option
        self.estimate = estimate
    }

    static let mediaType = "application/problem+json"

    /// The document: `type`, `title`, `status`, `detail`, `request_id`, and `option` and `estimate` where they apply.
    func json(requestID: String) -> JSON {
        var members = [
            JSON.Member("type", .string("about:blank")),
            JSON.Member("title", .string(status.reasonPhrase)),
            JSON.Member("status", .integer(status.code)),
            JSON.Member("detail", .string(detail)),
            JSON.Member("request_id", .string(requestID)),
        ]
        if let option { members.append(JSON.Member("option", .string(option))) }
        if let estimate {
            members.append(
                JSON.Member(
                    "estimate",
                    .members([
                        "forward_passes": .integer(estimate.forwardPasses),
                        "multiply_adds": .integer(estimate.multiplyAdds), "bytes": .integer(estimate.bytes),
                    ])))
        }
        return .object(members)
    }
}

extension Problem {
    /// The problem that `error` is; an error nobody foresaw is a 500 that tells nothing of the inside.
    init(_ error: any Error) {
        switch error {
        case let error as SwitchbackError: self.init(switchback: error)
        case let error as SubmissionError: self.init(submission: error)
        case let error as PreconditionError: self.init(.preconditionFailed, error.description)
        case let error as AccessRefusal: self.init(access: error)
        case JobRequestError.tooManyStreams: self.init(.serviceUnavailable, "\(error)")
        case JobRequestError.tooManyStreamsOfClient: self.init(.tooManyRequests, "\(error)")
        case let error as JobRequestError: self.init(.badRequest, error.description, option: error.option)
        case let error as DatasetRequestError: self.init(.unsupportedMediaType, error.description)
        case SignatureError.unsupportedType: self.init(.unsupportedMediaType, "\(error)")
        case let error as SignatureError: self.init(.badRequest, error.description)
        case let error as NegotiationError: self.init(.notAcceptable, error.description)
        case let error as HTTPError: self.init(error.status, error.description)
        case Stopped.deadlineExceeded:
            self.init(.serviceUnavailable, "the answer took longer than this service allows for one request")
        case Stopped.cancelled: self.init(.serviceUnavailable, "the request was stopped before it was answered")
        default: self = .nothingForeseen
        }
    }

    private static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
    private static let nothingForeseen = Problem(
        .internalServerError, "something went wrong inside; the request id leads to it in the log")

    private init(switchback error: SwitchbackError) {
        let status: HTTPResponse.Status =
            switch error {
            case .unknownOption, .repeatedOption, .misplacedOption, .badValue, .outOfRange: .badRequest
            case .noModel, .noImage, .noDataset, .noJob: .notFound
            case .jobState, .datasetInUse: .conflict
            case .keyUsed: .unprocessableContent
            case .tooManyJobs: .tooManyRequests
            case .brokenModel, .brokenStore, .brokenDataset: .internalServerError
            case .storeAway: .serviceUnavailable
            case .badImage(.malformed, _), .badDataset(.malformed, _): .badRequest
            case .badImage(.unsupported, _), .badDataset(.unsupported, _), .noPreprocessing: .unsupportedMediaType
            case .badImage(.tooLarge, _), .badDataset(.tooLarge, _): .contentTooLarge
            case .undefined, .tooCostly, .tooMuchMemory, .pictureTooLarge: .unprocessableContent
            case .noRoom: Self.insufficientStorage
            }
        var estimate: CostSummary?
        switch error {
        case .tooCostly(let found, _), .tooMuchMemory(let found, _): estimate = found
        default: break
        }
        switch error {
        case .brokenStore: self = .nothingForeseen
        case .brokenModel:
            // The reason, which the log has, names files of this machine.
            self.init(status, "the model cannot be used; the request id leads to the reason in the log")
        case .storeAway:
            // The reason, which the log has, names machines that are nobody else's business.
            self.init(status, "the store of images and jobs cannot be reached just now: try again")
        case .noImage:
            self.init(status, "\(error); POST the image to \(Address.images), which answers its address")
        default: self.init(status, error.description, option: error.option, estimate: estimate)
        }
    }

    private init(submission error: SubmissionError) {
        if case .unsupportedType = error {
            self.init(.unsupportedMediaType, error.description)
        } else {
            self.init(.badRequest, error.description, option: error.option)
        }
    }
}

/// No form of the answer suits the client's Accept field.
struct NegotiationError: Error, Equatable, CustomStringConvertible {
    let accepted: String
    let available: [String]

    var description: String {
        "the Accept field '\(accepted)' takes none of the forms there are: \(available.joined(separator: ", "))"
    }
}
