public import Kernels
public import Networks
public import Tensors

/// Where an explainer gets the pass over the unchanged input from: computed, or kept from before.
///
/// A pass has the same bits whenever it is computed, so no explanation depends on its source.
public protocol PassSource: Sendable {
    /// A trace of one input, [C, H, W]: the whole one, or one that reaches the layer given, whatever lies behind it may be
    /// missing.
    ///
    /// One that was kept may be given; else a trace of the same input that was begun is gone on from. Throws what
    /// ``ForwardPass/trace(_:_:upTo:from:context:)`` does.
    func trace(
        _ network: Network, _ input: Tensor, upTo layer: Layer?, from begun: ForwardTrace?, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace

    /// What there is already of that trace, as far as somebody has asked for it.
    var kept: ForwardTrace? { get }
}

extension PassSource {
    /// The whole trace of one input, [C, H, W], on threads that are at hand.
    ///
    /// Throws what ``ForwardPass/trace(_:_:upTo:from:context:)`` does.
    public func whole(
        _ network: Network, _ input: Tensor, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        try trace(network, input, upTo: nil, from: nil, context)
    }

    /// A trace of one input, [C, H, W], the whole one or one that reaches a layer, in as many turns as it takes.
    ///
    /// Throws `Stopped` when the turns' token says so, and what ``ForwardPass/trace(_:_:upTo:from:context:)`` does.
    func trace(_ network: Network, _ input: Tensor, upTo layer: Layer?, _ turns: Turns) throws -> ForwardTrace {
        var begun: ForwardTrace?
        let last = layer?.index ?? network.layers.count - 1
        for end in network.turnEnds(ofPassUpTo: last) where end.index < last && begun?.reaches(end) != true {
            let found = try turns.take { try trace(network, input, upTo: end, from: begun, $0) }
            if layer.map(found.reaches) ?? found.isWhole { return found }
            begun = found
        }
        return try turns.take { try trace(network, input, upTo: layer, from: begun, $0) }
    }
}

/// Computes each pass anew.
public struct FreshPasses: PassSource {
    /// A source that keeps nothing.
    public init() {}

    /// What is left of the trace, computed.
    public func trace(
        _ network: Network, _ input: Tensor, upTo layer: Layer?, from begun: ForwardTrace?, _ context: KernelContext
    ) throws(NetworksError) -> ForwardTrace {
        try ForwardPass.trace(network, input, upTo: layer, from: begun, context: context)
    }

    /// Nil.
    public var kept: ForwardTrace? { nil }
}
