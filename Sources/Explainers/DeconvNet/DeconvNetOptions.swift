/// The choices that a DeconvNet leaves open, with their defaults.
public struct DeconvNetOptions: Hashable, Sendable {
    /// What happens where several pooling windows chose the same position.
    public enum Overlap: String, Hashable, Sendable, CaseIterable {
        /// Their values are added: the exact adjoint of the pooling.
        case sum
        /// The largest of their values stays.
        case max
        /// The value of the last window in row-major order stays.
        case last
    }

    /// The value that the projection starts from.
    public enum Seed: String, Hashable, Sendable, CaseIterable {
        /// The unit's own activation, as in the paper.
        case activation
        /// One, so that projections do not grow with the activation.
        case one
    }

    /// What a local response normalization does to the signal.
    public enum Normalization: String, Hashable, Sendable, CaseIterable {
        /// Nothing: the paper is silent.
        case identity
        /// Its gradient at the layer's input.
        case gradient
    }

    /// What happens at activations for which a DeconvNet is not defined: LeakyReLU, SiLU, sigmoid, a Clip that does not
    /// start at 0 and so on.
    public enum Activations: String, Hashable, Sendable, CaseIterable {
        /// The request is refused.
        case refuse
        /// The signal is multiplied by their derivative; ReLUs still rectify.
        case gradient
    }

    /// Overlapping pooling windows.
    public var overlap: Overlap
    /// Where the projection starts from.
    public var seed: Seed
    /// Local response normalization.
    public var lrn: Normalization
    /// Activations other than ReLU.
    public var activations: Activations

    /// Options, with the defaults of the project.
    public init(
        overlap: Overlap = .sum, seed: Seed = .activation, lrn: Normalization = .identity,
        activations: Activations = .refuse
    ) {
        self.overlap = overlap
        self.seed = seed
        self.lrn = lrn
        self.activations = activations
    }
}
