public import Kernels
public import Networks
public import Tensors

/// Where an explainer gets the pass over the unchanged input from: computed, or kept from before.
///
/// A pass has the same bits whenever it is computed, so no explanation depends on its source.
public protocol PassSource: Sendable {
    /// The whole trace of one input, [C, H, W].
    ///
    /// Throws what ``ForwardPass/trace(_:_:upTo:from:context:)`` does.
    func whole(_ network: Network, _ input: Tensor, _ context: KernelContext) throws(NetworksError) -> ForwardTrace

    /// A trace of one input, [C, H, W], that reaches this layer: whatever lies behind may be missing.
    ///
    /// Throws what ``ForwardPass/trace(_:_:upTo:from:context:)`` does.
    func reaching(
        _ layer: Layer, of network: Network, _ input: Tensor, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace

    /// What there is already of that trace, as far as somebody has asked for it.
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
        try ForwardPass.trace(network, input, context: context)
    }

    /// The trace up to the layer, computed.
    public func reaching(
        _ layer: Layer, of network: Network, _ input: Tensor, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        try ForwardPass.trace(network, input, upTo: layer, context: context)
    }

    /// Nil.
    public var kept: ForwardTrace? { nil }
}
