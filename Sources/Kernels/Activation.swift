import CKernels

/// A function applied to each value of a layer's result.
///
/// Values are worked out in double from basic operations and rounded once, alike on every processor. NaN passes through
/// all of them.
public enum Activation: Hashable, Sendable {
    /// x
    case identity
    /// max(0, x)
    case relu
    /// x limited to `low` … `high`
    case clip(low: Float, high: Float)
    /// x, or slope · x where negative
    case leakyRelu(slope: Float)
    /// x, or alpha · (e^x − 1) where negative
    case elu(alpha: Float)
    /// 1 / (1 + e^−x)
    case sigmoid
    /// The hyperbolic tangent
    case tanh
    /// x · sigmoid(x)
    case silu
    /// alpha · x + beta limited to 0 … 1
    case hardSigmoid(alpha: Float, beta: Float)
    /// x · (x / 6 + ½ limited to 0 … 1)
    case hardSwish
    /// ln(1 + e^x)
    case softplus

    /// The function's value.
    public func value(_ x: Float) -> Float {
        var result: Float = 0
        // SAFETY: one value is read and one written.
        unsafe withUnsafePointer(to: x) { source in
            unsafe sb_activate(code.kind, code.a, code.b, source, &result, 1)
        }
        return result
    }

    /// The function's slope; at a kink the one on its left, so that it is 0 at 0 for ReLU.
    public func derivative(_ x: Float) -> Float {
        var result: Float = 0
        var one: Float = 1
        // SAFETY: one value of each is read and one written.
        unsafe withUnsafePointer(to: x) { at in
            unsafe sb_activation_adjoint(code.kind, code.a, code.b, &one, at, &result, 1)
        }
        return result
    }

    /// Whether kernels apply it to their results for nothing; the others cost a pass of their own.
    public var isFused: Bool { bounds != nil }

    /// The limits of an activation that only clips.
    var bounds: (low: Float, high: Float)? {
        switch self {
        case .identity: (-.infinity, .infinity)
        case .relu: (0, .infinity)
        case .clip(let low, let high): (low, high)
        default: nil
        }
    }

    /// The function's number for the C side and its parameters.
    var code: (kind: sb_activation, a: Float, b: Float) {
        switch self {
        case .identity: (SB_CLIP, -.infinity, .infinity)
        case .relu: (SB_CLIP, 0, .infinity)
        case .clip(let low, let high): (SB_CLIP, low, high)
        case .leakyRelu(let slope): (SB_LEAKY_RELU, slope, 0)
        case .elu(let alpha): (SB_ELU, alpha, 0)
        case .sigmoid: (SB_SIGMOID, 0, 0)
        case .tanh: (SB_TANH, 0, 0)
        case .silu: (SB_SILU, 0, 0)
        case .hardSigmoid(let alpha, let beta): (SB_HARD_SIGMOID, alpha, beta)
        case .hardSwish: (SB_HARD_SWISH, 0, 0)
        case .softplus: (SB_SOFTPLUS, 0, 0)
        }
    }
}

/// What is left to do when a kernel that can only clip has written its result.
struct ActivationTail {
    let activation: Activation

    init(_ activation: Activation) {
        self.activation = activation
    }

    /// What the kernel is to clip to.
    var bounds: (low: Float, high: Float) { activation.bounds ?? (-.infinity, .infinity) }

    /// Applies an activation that the kernel could not, and sets the lanes past the last channel to zero again where
    /// the activation of 0 is something else.
    func finish(_ maps: BlockedMaps, _ context: KernelContext) {
        if !activation.isFused {
            Elementwise.activate(maps, activation, into: maps, context)
        } else if activation.value(0).bitPattern != 0 {
            maps.clearUnusedLanes()
        }
    }
}

extension BlockedMaps {
    /// Sets the lanes past the last channel to zero.
    func clearUnusedLanes() {
        let used = channels % BlockedMaps.lanes
        if used == 0 { return }
        for image in 0..<images {
            // SAFETY: the plane holds pixels · 16 floats, and the caller is writing these maps.
            unsafe sb_set_lanes(
                planes.plane(image: image, block: blocks - 1), used, BlockedMaps.lanes, planes.pixels, 0)
        }
        withExtendedLifetime(planes) {}
    }
}
