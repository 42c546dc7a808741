/// What a model file may ask for; checked before memory is taken for it.
public struct ONNXLimits: Equatable, Sendable {
    /// The bytes of the file; default 1 GiB.
    public var maximumFileBytes: Int
    /// The values of all weights and constants together, and of any one; default 2²⁸ (1 GiB as floats).
    public var maximumWeights: Int
    /// The nodes of the graph; default 20,000.
    public var maximumNodes: Int
    /// The values of all activations of one image together; default 2²⁸ (1 GiB as floats).
    public var maximumActivations: Int
    /// The multiply-adds of one image; default 2³⁸, about 18 times VGG-16.
    public var maximumMultiplyAdds: Int

    /// The limits given, the defaults elsewhere.
    public init(
        maximumFileBytes: Int = 1 << 30, maximumWeights: Int = 1 << 28, maximumNodes: Int = 20_000,
        maximumActivations: Int = 1 << 28, maximumMultiplyAdds: Int = 1 << 38
    ) {
        self.maximumFileBytes = maximumFileBytes
        self.maximumWeights = maximumWeights
        self.maximumNodes = maximumNodes
        self.maximumActivations = maximumActivations
        self.maximumMultiplyAdds = maximumMultiplyAdds
    }
}
