internal import Concurrency

/// What can be wrong with a request, in words for the person who sent it.
public enum SwitchbackError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `name` is no option at all, or none of this kind; `allowed` lists those that are.
    case unknownOption(name: String, kind: ExplanationKind, allowed: [String])
    /// `name` was given more than once.
    case repeatedOption(name: String)
    /// `name` goes with another format than the one asked for.
    case misplacedOption(name: String, goesWith: OutputFormat, asked: OutputFormat)
    /// `value` is not what `option` may be.
    case badValue(option: String, value: String, allowed: String)
    /// The option is well-formed, but this model has no such thing; `reason` says what it has.
    case outOfRange(option: String?, reason: String)
    /// There is no such model; `reason` says which there are.
    case noModel(reason: String)
    /// A model's folder cannot be loaded: the operator's fault, not the asker's.
    case brokenModel(reason: String)
    /// The image cannot be taken as it is.
    case badImage(ImageFault, reason: String)
    /// An image was sent to a model that has no preprocessing.
    case noPreprocessing(model: String)
    /// What is asked is not defined for this model or image.
    case undefined(reason: String)
    /// The sweep would cost more than is allowed at once.
    case tooCostly(estimate: CostSummary, limit: Double)
    /// The explanation would hold more memory than is allowed at once.
    case tooMuchMemory(estimate: CostSummary, limit: Int)
    /// The picture would have more pixels than are drawn.
    case pictureTooLarge(kind: ExplanationKind, width: Int, height: Int, limit: Int)
    /// No image with that digest is kept, or no longer.
    case noImage(sha256: String)
    /// An image cannot be kept for want of room; `reason` says of which.
    case noRoom(reason: String)
    /// The store of images or jobs does not work: the operator's fault, not the asker's.
    case brokenStore(reason: String)
    /// The store of images or jobs cannot be reached, or is in use by somebody else for too long: try again.
    case storeAway(reason: String)
    /// There is no data set with that name; `reason` says which there are.
    case noDataset(reason: String)
    /// A data set cannot be read: not the archive, the table or the name that it should be, or over a limit.
    case badDataset(ImageFault, reason: String)
    /// The data set of that name cannot be changed now; `reason` says why.
    case datasetInUse(reason: String)
    /// Images of a data set are gone, or not what they were: the operator's fault, not the asker's.
    case brokenDataset(reason: String)
    /// There is no job with that name, or no longer.
    case noJob(id: String)
    /// The job is not in a state in which this can be done; `reason` says which it is in.
    case jobState(reason: String)
    /// The idempotency key was used for another request.
    case keyUsed(key: String)
    /// The client has as many jobs as it may.
    case tooManyJobs(limit: Int)

    /// The ways in which an image can be unfit.
    public enum ImageFault: Equatable, Sendable {
        /// Not an image, damaged or cut off; not an NPY array, of the wrong shape, or not finite.
        case malformed
        /// A kind of file that is not taken.
        case unsupported
        /// Over the limit of bytes or pixels.
        case tooLarge
    }

    /// The option that is at fault; nil when none is.
    public var option: String? {
        switch self {
        case .unknownOption(let name, _, _), .repeatedOption(let name), .misplacedOption(let name, _, _): name
        case .badValue(let option, _, _): option
        case .outOfRange(let option, _): option
        case .noModel: "model"
        case .noDataset: "dataset"
        case .pictureTooLarge: "width"
        case .brokenModel, .badImage, .noPreprocessing, .undefined, .tooCostly, .tooMuchMemory, .noImage, .noRoom,
            .brokenStore, .storeAway, .brokenDataset, .badDataset, .datasetInUse, .noJob, .jobState, .keyUsed,
            .tooManyJobs:
            nil
        }
    }

    /// What was wrong, and what is allowed.
    public var description: String {
        switch self {
        case .unknownOption(let name, let kind, let allowed):
            let nearest = Spelling.nearest(to: name, among: allowed).map { " Did you mean '\($0)'?" } ?? ""
            return "no option '\(Spelling.shortened(name))' for \(kind.rawValue).\(nearest) "
                + "Allowed are: \(allowed.joined(separator: ", "))"
        case .repeatedOption(let name):
            return "option '\(name)' is given more than once; it may be given once"
        case .misplacedOption(let name, let goesWith, let asked):
            return "option '\(name)' goes with format=\(goesWith.rawValue); the answer asked for is \(asked.rawValue)"
        case .badValue(let option, let value, let allowed):
            let wrong = value.isEmpty ? "is missing or empty" : "cannot be '\(Spelling.shortened(value))'"
            return "option '\(option)' \(wrong); allowed: \(allowed)"
        case .outOfRange(_, let reason), .noModel(let reason), .brokenModel(let reason), .badImage(_, let reason),
            .undefined(let reason), .noRoom(let reason), .brokenStore(let reason), .storeAway(let reason),
            .jobState(let reason), .noDataset(let reason), .brokenDataset(let reason), .badDataset(_, let reason),
            .datasetInUse(let reason):
            return reason
        case .noJob(let id): return "there is no job '\(Spelling.shortened(id))', or no longer"
        case .keyUsed(let key):
            return "the Idempotency-Key '\(Spelling.shortened(key))' was used for another request"
        case .tooManyJobs(let limit):
            return "\(limit) jobs of this client have not ended, as many as one client may have: wait, or cancel one"
        case .noImage(let sha256): return "no image '\(Spelling.shortened(sha256))' is kept, or no longer"
        case .noPreprocessing(let model):
            return """
                model '\(model)' has no model.json, so how it wants its images prepared is not known: send the network's \
                input as application/x-npy
                """
        case .tooCostly, .tooMuchMemory, .pictureTooLarge: return overLimit
        }
    }

    /// Which limit the request is over, and what to do about it; nothing for another error.
    private var overLimit: String {
        switch self {
        case .tooCostly(let estimate, let limit):
            return """
                the sweep would take \(estimate.description), over the limit of \(CostSummary.count(limit)) multiply-adds \
                for one request: take a larger stride, a smaller image or fewer feature maps
                """
        case .tooMuchMemory(let estimate, let limit):
            return """
                the answer would take \(CostSummary.count(Double(estimate.bytes)))B of memory, over the limit of \
                \(CostSummary.count(Double(limit)))B for one request: take fewer feature maps or a larger stride; numbers \
                take least as format=npy
                """
        case .pictureTooLarge(let kind, let width, let height, let limit):
            let pixels = CostSummary.count(Double(width) * Double(height))
            return """
                the picture would have \(width) × \(height) pixels (\(pixels)), over the limit of \
                \(CostSummary.count(Double(limit))): \(Self.remedy(for: kind))
                """
        default: return ""
        }
    }

    /// How a picture gets smaller.
    private static func remedy(for kind: ExplanationKind) -> String {
        switch kind {
        case .predict: "take a smaller 'width' or a smaller 'top'"
        case .occlusion: "take a smaller 'width'"
        case .activations, .deconv, .ablation, .topImages: "take a smaller 'width' or fewer maps in 'feature_map'"
        }
    }
}
