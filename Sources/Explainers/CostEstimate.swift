/// What a sweep will cost, known before it starts.
///
/// Numbers too large for an integer stop at the largest.
public struct CostEstimate: Hashable, Sendable {
    /// Passes through the network, forward and backward, partial ones included.
    public let forwardPasses: Int
    /// Multiply-adds of all passes.
    public let multiplyAdds: Int
    /// The most memory held at once, in bytes: the result, what is kept for the shards, and one shard's buffers.
    public let bytes: Int
    /// The bytes of the arrays that an answer tells, which are a part of `bytes`.
    public let resultBytes: Int

    /// An estimate of these numbers.
    public init(forwardPasses: Int, multiplyAdds: Int, bytes: Int, resultBytes: Int = 0) {
        self.forwardPasses = forwardPasses
        self.multiplyAdds = multiplyAdds
        self.bytes = bytes
        self.resultBytes = resultBytes
    }

    /// The time it takes at a measured rate, in seconds.
    public func seconds(multiplyAddsPerSecond rate: Double) -> Double {
        precondition(rate > 0, "a rate of \(rate) multiply-adds a second")
        return Double(multiplyAdds) / rate
    }
}

extension Int {
    /// The product, or the largest integer where it does not fit.
    ///
    /// Neither factor may be negative.
    func saturatingProduct(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The sum, or the largest integer where it does not fit.
    ///
    /// Neither term may be negative.
    func saturatingSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
