public import Kernels

/// An explanation method as a small table: what happens to a signal on its way from a layer down to the pixels.
///
/// Everything else is the layer's exact adjoint: convolutions and dense layers transposed without their bias, average
/// pooling, scale and shift without the shift, concatenation split, addition copied to all its inputs.
public protocol SignalRules: Sendable {
    /// What happens where an activation function is crossed. Never asked about `.identity`.
    func rule(at activation: Activation) -> ActivationRule
    /// What happens where pooling windows chose the same position.
    var overlap: OverlapRule { get }
    /// What happens at local response normalization.
    var normalization: NormalizationRule { get }
}

/// What happens to a signal r that crosses an activation function f from its output to its input x.
public enum ActivationRule: Hashable, Sendable {
    /// max(0, r), whatever x was: the DeconvNet.
    case rectify
    /// r · f′(x): the gradient.
    case derivative
    /// max(0, r) · f′(x): guided backpropagation.
    case guided
    /// r.
    case identity
    /// The method is not defined there: an error that names the layer and the activation.
    case refuse
}

/// What happens to a signal at local response normalization.
public enum NormalizationRule: String, CaseIterable, Sendable {
    /// It passes as it is.
    case identity
    /// It is multiplied by the derivative at the forward pass's values.
    case gradient
}
