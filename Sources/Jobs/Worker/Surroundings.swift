/// What a worker takes from the world around it; tests hand in their own.
public struct Surroundings: Sendable {
    /// The time of day.
    public var now: @Sendable () -> WallTime
    /// A number between 0 and 1 by chance.
    public var fraction: @Sendable () -> Double
    /// A name for a lease that no other has.
    public var newLease: @Sendable () -> LeaseToken

    /// Surroundings of these parts; chance is the system's unless told.
    public init(
        now: @escaping @Sendable () -> WallTime,
        fraction: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        newLease: @escaping @Sendable () -> LeaseToken = {
            var generator = SystemRandomNumberGenerator()
            return LeaseToken(using: &generator)
        }
    ) {
        self.now = now
        self.fraction = fraction
        self.newLease = newLease
    }
}
