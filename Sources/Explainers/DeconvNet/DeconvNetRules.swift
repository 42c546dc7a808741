import Kernels
import Networks

/// The DeconvNet as a table: what happens to the signal on its way down (Zeiler & Fergus, arXiv:1311.2901, section 2.1).
///
/// | Crossed in reverse | The signal is |
/// |---|---|
/// | max pooling | unpooled: each value goes to its switch; where windows share one, `overlap` decides |
/// | ReLU, or a Clip that starts at 0 | rectified, max(0, r) |
/// | another activation | refused, or multiplied by its derivative, as `activations` says |
/// | convolution, dense layer | given to the transpose of its filters, without the bias |
/// | local response normalization | left alone, or given to its gradient, as `lrn` says |
///
/// Everything else is the exact adjoint of what the layer does, and belongs to the layer: batch norm (folded, or scaled
/// by its factor), average pooling, concatenation, addition, flattening. Signals that meet where an output
/// is used more than once are added before they are rectified.
struct DeconvNetRules: SignalRules {
    let options: DeconvNetOptions

    func rule(at activation: Activation) -> ActivationRule {
        if activation.isRectifier { return .rectify }
        return switch options.activations {
        case .refuse: .refuse
        case .gradient: .derivative
        }
    }

    var overlap: OverlapRule {
        switch options.overlap {
        case .sum: .sum
        case .max: .max
        case .last: .last
        }
    }

    var normalization: NormalizationRule {
        switch options.lrn {
        case .identity: .identity
        case .gradient: .gradient
        }
    }
}
