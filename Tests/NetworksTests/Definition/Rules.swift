import Kernels
import Networks

/// The DeconvNet as a table, for these tests.
struct Rectifying: SignalRules {
    var overlap = OverlapRule.sum
    var normalization = NormalizationRule.identity
    var others = ActivationRule.refuse

    func rule(at activation: Activation) -> ActivationRule { activation.isRectifier ? .rectify : others }
}

/// One rule for every activation: the gradient, guided backpropagation, or nothing at all.
struct Uniform: SignalRules {
    var rule: ActivationRule
    var overlap = OverlapRule.sum
    var normalization = NormalizationRule.gradient

    func rule(at activation: Activation) -> ActivationRule { rule }
}
