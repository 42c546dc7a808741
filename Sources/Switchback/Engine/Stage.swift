internal import Concurrency

/// How long one stage of an answer took.
public struct Stage: Equatable, Sendable {
    /// The stage's name: `model`, `prepare`, `compute`, `render`.
    public let name: String
    /// Seconds.
    public let seconds: Double
}

/// Times stages and tells of each when it is done.
public struct StageClock {
    private let report: (Stage) -> Void
    private let time = MonotonicTime()

    /// A clock that tells `report`.
    public init(report: @escaping (Stage) -> Void) { self.report = report }

    /// The result of `work`, whose time is the stage `name`.
    public func time<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
        let start = time.now
        let result = try work()
        report(Stage(name: name, seconds: (time.now - start).seconds))
        return result
    }
}
