/// What can be wrong with a request about jobs.
public enum JobRequestError: Error, Equatable, CustomStringConvertible {
    /// `Idempotency-Key` is empty, too long or given twice.
    case badKey(maximumLength: Int)
    /// `name` is no parameter of the list.
    case unknownParameter(name: String, allowed: [String])
    /// `name` was given more than once.
    case repeatedParameter(name: String)
    /// As many clients follow jobs as may.
    case tooManyStreams(maximum: Int)
    /// The client follows as many jobs as one may.
    case tooManyStreamsOfClient(maximum: Int)
    /// `value` is not what a parameter may be.
    case badValue(name: String, value: String, allowed: String)

    /// The parameter at fault.
    public var option: String? {
        switch self {
        case .badKey, .tooManyStreams, .tooManyStreamsOfClient: nil
        case .unknownParameter(let name, _), .repeatedParameter(let name), .badValue(let name, _, _): name
        }
    }

    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .badKey(let maximumLength):
            "the field Idempotency-Key is given once, with 1 to \(maximumLength) bytes"
        case .tooManyStreams(let maximum):
            """
            \(maximum) streams of events are open, as many as may be (max-event-streams); the job itself can be asked \
            for as ever
            """
        case .tooManyStreamsOfClient(let maximum):
            """
            you have \(maximum) streams of events open, as many as one client may have (an eighth of max-event-streams); \
            the job itself can be asked for as ever
            """
        case .unknownParameter(let name, let allowed):
            "no parameter '\(name.prefix(80))' here; allowed are: \(allowed.joined(separator: ", "))"
        case .repeatedParameter(let name): "parameter '\(name.prefix(80))' is given more than once"
        case .badValue(let name, let value, let allowed):
            "parameter '\(name)' cannot be '\(value.prefix(80))'; allowed: \(allowed)"
        }
    }
}
