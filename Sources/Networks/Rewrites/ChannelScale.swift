internal import Kernels
internal import Tensors

/// x · scale + shift of each channel, in double precision until it is folded or used.
struct ChannelScale: Hashable, Sendable {
    /// One factor a channel, or one for all.
    var scale: [Double]
    /// One summand a channel, or one for all.
    var shift: [Double]

    /// The scale and shift that the operation is; nil for any other operation.
    ///
    /// Batch normalization becomes γ / √(σ² + ε) and β − μ · γ / √(σ² + ε). Throws where parameters disagree in size or
    /// make no sense.
    static func of(_ operation: Operation, node: String) throws(NetworksError) -> ChannelScale? {
        switch operation {
        case .batchNormalization(let scale, let bias, let mean, let variance, let epsilon):
            let sizes = [scale.count, bias.count, mean.count, variance.count]
            guard sizes.allSatisfy({ $0 == sizes[0] }) else {
                throw .shapeMismatch(
                    node: node, operation: operation.title, expected: "four parameters of one size", actual: "\(sizes)")
            }
            let made = ChannelScale(scale: scale, bias: bias, mean: mean, variance: variance, epsilon: epsilon)
            guard made.scale.allSatisfy(\.isFinite), made.shift.allSatisfy(\.isFinite) else {
                throw .invalidParameter(
                    node: node, operation: operation.title, parameter: "variance + epsilon", value: "zero or negative")
            }
            return made
        case .scaleShift(let scale, let shift):
            return ChannelScale(
                scale: scale.map { $0.values.map(Double.init) } ?? [1],
                shift: shift.map { $0.values.map(Double.init) } ?? [0])
        default: return nil
        }
    }

    private init(scale: [Double], shift: [Double]) {
        (self.scale, self.shift) = (scale, shift)
    }

    private init(scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Float) {
        self.scale = zip(scale.values, variance.values).map {
            Double($0) / (Double($1) + Double(epsilon)).squareRoot()
        }
        shift = zip(zip(bias.values, mean.values), self.scale).map { Double($0.0) - Double($0.1) * $1 }
    }

    /// The same with one factor and one summand for each of so many channels; throws if it has another number of them.
    func spread(over channels: Int, node: String, operation: String) throws(NetworksError) -> ChannelScale {
        guard scale.count == channels || scale.count == 1, shift.count == channels || shift.count == 1 else {
            throw .shapeMismatch(
                node: node, operation: operation, expected: "\(channels) channels",
                actual: "\(max(scale.count, shift.count)) parameters")
        }
        var spread = self
        if scale.count != channels { spread.scale = Array(repeating: scale[0], count: channels) }
        if shift.count != channels { spread.shift = Array(repeating: shift[0], count: channels) }
        return spread
    }

    /// What is applied first, then this.
    func after(_ first: ChannelScale) -> ChannelScale {
        precondition(first.scale.count == scale.count, "scales of \(first.scale.count) and \(scale.count) channels")
        var both = self
        for c in scale.indices {
            both.scale[c] = first.scale[c] * scale[c]
            both.shift[c] = first.shift[c] * scale[c] + shift[c]
        }
        return both
    }

    /// The kernel that applies it.
    var kernel: ScaleShift { ScaleShift(scale: scale.map(Float.init), shift: shift.map(Float.init)) }
}
