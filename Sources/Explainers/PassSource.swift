public import Kernels
public import Networks
public import Tensors

/// Where an explainer gets the pass over the unchanged input from: computed, or kept from before.
///
/// A pass has the same bits whenever it is computed, so no explanation depends on its source.
public protocol PassSource: Sendable {
    /// The whole trace of one input, [C, H, W].
    ///
    /// Throws what ``ForwardPass/run(_:_:keeping:removing:context:)`` does.
    func whole(_ network: Network, _ input: Tensor, _ context: KernelContext) throws(NetworksError) -> ForwardTrace

    /// That trace if it need not be computed.
    var kept: ForwardTrace? { get }
}

/// Computes each pass anew.
public struct FreshPasses: PassSource {
    /// A source that keeps nothing.
    public init() {}

    /// The trace, computed.
    public func whole(
        _ network: Network, _ input: Tensor, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        try ForwardPass.run(network, input, keeping: .trace, context: context)
    }

    /// Nil.
    public var kept: ForwardTrace? { nil }
}
