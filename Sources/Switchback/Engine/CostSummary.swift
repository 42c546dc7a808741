internal import Foundation

/// What a sweep would cost, estimated before it starts.
public struct CostSummary: Equatable, Sendable {
    /// Passes through the whole network, or what amounts to them.
    public let forwardPasses: Int
    /// Multiply-adds in all.
    public let multiplyAdds: Int
    /// Peak memory in bytes, the answer as it is written included.
    public let bytes: Int

    /// About how long it takes at the rate of two cores with AVX-512, about 10¹¹ multiply-adds a second.
    public var seconds: Double { Double(multiplyAdds) / 1e11 }

    init(forwardPasses: Int, multiplyAdds: Int, bytes: Int) {
        self.forwardPasses = forwardPasses
        self.multiplyAdds = multiplyAdds
        self.bytes = bytes
    }

    /// The estimate in words.
    public var description: String {
        """
        about \(forwardPasses) forward passes (\(Self.count(Double(multiplyAdds))) multiply-adds, \
        \(Self.count(Double(bytes))) bytes)
        """
    }

    /// A count with three digits and the SI prefix of its size.
    static func count(_ value: Double) -> String {
        let prefixes: [(Double, String)] = [(1e15, " P"), (1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
        guard let (size, prefix) = prefixes.first(where: { value >= $0.0 }) else { return String(Int(value)) }
        return String(format: "%.3g%@", value / size, prefix)
    }
}
