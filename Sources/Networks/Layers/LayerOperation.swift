package import Kernels
package import Tensors

/// How one kind of layer is computed: its shape rule (in its `init`), forward, adjoint and reach.
///
/// One kind a file.
///
/// Values are immutable: a pass hands in what the layer reads and takes what it makes. `into`, a view of a larger map,
/// is given to layers that say they write into one.
package protocol LayerOperation: Sendable {
    /// What kind of layer it is.
    var kind: LayerKind { get }
    /// The shape of its activation of one image.
    var shape: Shape { get }
    /// How its units look at what it reads.
    var reach: LayerReach { get }
    /// The side of the squares, counted from the map's corner, whose outputs are all worked out from all that any of them
    /// looks at, so that a change of one input changes the bits of whole squares.
    var outputsComputedTogether: Int { get }
    /// Multiplications with an addition for one image.
    var multiplyAdds: Int { get }
    /// What of these a layer that is not in tiles would have, if it took as long: turns are cut by it.
    var work: Int { get }
    /// Bytes of its weights, as they lie in memory.
    var weightBytes: Int { get }
    /// Whether `forward` can write into a view of a concatenation.
    var writesIntoViews: Bool { get }
    /// Whether `adjoint` can rectify what it makes on the way.
    var rectifiesItsSignal: Bool { get }
    /// What it does with the channels of its only input.
    var mixing: ChannelMixing { get }
    /// What it takes to compute it where some blocks of channels are replaced: asked only of layers that sum.
    var replacement: Replacement { get }
    /// The activation of what it reads, its activation function applied.
    func forward(
        _ inputs: [BlockedMaps], activation: Activation, into destination: BlockedMaps?, _ context: KernelContext
    ) -> BlockedMaps
    /// The same where the images differ from one in some blocks of channels: asked only of layers that sum.
    func forward(_ input: ReplacedBlocks, activation: Activation, _ context: KernelContext) -> BlockedMaps
    /// The signal at each of its inputs for a signal at its output, its activation function already crossed.
    func adjoint(_ signal: BlockedMaps, _ crossing: LayerCrossing, _ context: KernelContext) -> [BlockedMaps]
}

/// What a layer does with the channels of what it reads.
package enum ChannelMixing: Sendable {
    /// Each feature map comes from that of the same number alone, so that 16 can be computed by themselves.
    case none
    /// Each feature map is a sum over all channels, block by block.
    case sum
    /// Anything else, or several inputs.
    case other
}

/// What a layer that sums over channels computes again and holds where some of them are replaced.
package struct Replacement: Sendable {
    /// The channels that are summed by themselves, and computed again where any of them is replaced.
    var channels = BlockedMaps.lanes
    /// The bytes that each block replaced takes besides its maps, and each of the image that others are like; nil where
    /// that is a copy of what is replaced.
    var blockBytes: Int?
}

/// What a layer's adjoint may need besides the signal.
package struct LayerCrossing: Sendable {
    /// What the layer read in the forward pass, one image or as many as the signal has.
    let inputs: [BlockedMaps]
    /// The switches it made, if it is a max pooling.
    let switches: Switches?
    /// What happens where windows chose the same position.
    let overlap: OverlapRule
    /// How local response normalization is crossed.
    let normalization: NormalizationRule
    /// Whether to return max(0, r): asked only of layers that can.
    let rectified: Bool

    package init(
        inputs: [BlockedMaps] = [], switches: Switches? = nil, overlap: OverlapRule = .sum,
        normalization: NormalizationRule = .identity, rectified: Bool = false
    ) {
        (self.inputs, self.switches, self.overlap) = (inputs, switches, overlap)
        (self.normalization, self.rectified) = (normalization, rectified)
    }
}

extension LayerOperation {
    /// None.
    package var multiplyAdds: Int { 0 }
    /// As many.
    package var work: Int { multiplyAdds }
    /// None.
    package var weightBytes: Int { 0 }
    /// Each unit looks at its own position.
    package var reach: LayerReach { .position }
    /// Each by itself.
    package var outputsComputedTogether: Int { 1 }
    /// No.
    package var writesIntoViews: Bool { false }
    /// No.
    package var rectifiesItsSignal: Bool { false }
    /// Something else.
    package var mixing: ChannelMixing { .other }
    /// A block.
    package var replacement: Replacement { Replacement() }
    /// Not to be called of a layer that does not sum.
    package func forward(
        _ input: ReplacedBlocks, activation: Activation, _ context: KernelContext
    ) -> BlockedMaps {
        preconditionFailure("blocks of channels replaced before a layer of kind \(kind.rawValue)")
    }
}

/// The input of a layer while shapes are inferred: what errors call the layer, and what it reads.
struct LayerSite {
    let node: String
    let operation: String
    let inputs: [Shape]

    /// The shape of the only input.
    var input: Shape { inputs[0] }

    /// The only input's shape, which must be that of maps [C, H, W].
    func maps() throws(NetworksError) -> Shape {
        guard input.rank == 3 else { throw mismatch(expected: "maps [C, H, W]", actual: "\(input)") }
        return input
    }

    /// A shape of these sizes; throws if a size or the number of elements is beyond what is supported.
    func shape(_ sizes: [Int]) throws(NetworksError) -> Shape {
        guard sizes.dropFirst().allSatisfy({ $0 <= LayerSite.longestSide }),
            let count = Shape.elementCount(of: sizes), count <= LayerSite.mostElements
        else {
            throw .tooLarge(node: node, operation: operation, shape: "\(sizes)")
        }
        guard count > 0 else { throw mismatch(expected: "a value that is not empty", actual: "\(sizes)") }
        return Shape(sizes)
    }

    func mismatch(expected: String, actual: String) -> NetworksError {
        .shapeMismatch(node: node, operation: operation, expected: expected, actual: actual)
    }

    func invalid(_ parameter: String, _ value: Any) -> NetworksError {
        .invalidParameter(node: node, operation: operation, parameter: parameter, value: "\(value)")
    }

    /// Rows or columns of the largest value that is taken.
    static let longestSide = 1 << 16
    /// Elements of the largest value that is taken: 4 GiB of floats.
    static let mostElements = 1 << 30
}
