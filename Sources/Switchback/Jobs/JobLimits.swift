/// What jobs may cost, each with a safe default.
public struct JobLimits: Equatable, Sendable {
    /// The largest job in multiply-adds; 10¹⁶ unless told (about a day on two cores).
    public var maximumMultiplyAdds: Double
    /// How many jobs that have not ended one client may have; 100 unless told.
    public var maximumPerClient: Int

    /// Limits, each at its default unless given.
    public init(maximumMultiplyAdds: Double = 1e16, maximumPerClient: Int = 100) {
        self.maximumMultiplyAdds = maximumMultiplyAdds
        self.maximumPerClient = maximumPerClient
    }
}
