public import Kernels
public import Tensors

/// What a node computes, in the sense of the ONNX operator of that name, with its constant inputs.
///
/// Shapes are those of one image: a value is feature maps [C, H, W] or a vector [C].
public enum Operation: Sendable {
    /// A convolution: weights [O, I / groups, kernel height, kernel width], bias [O].
    case convolution(weights: Tensor, bias: Tensor?, groups: Int, window: Window)
    /// A dense layer: weights [O, I], bias [O]. What it reads may be a vector or maps, which are flattened.
    case innerProduct(weights: Tensor, bias: Tensor?)
    /// The maximum of each window; the first in row-major order on a tie; padding never wins.
    case maxPooling(Window)
    /// The mean of each window, over the padding too if `countsPadding`.
    case averagePooling(Window, countsPadding: Bool)
    /// The mean of each map: [C, 1, 1], or [C] where dimensions are not kept.
    case globalAveragePooling(keepsDimensions: Bool)
    /// x / (bias + alpha / size · Σ x² over `size` neighbouring channels)^beta.
    case localResponseNormalization(size: Int, alpha: Float, beta: Float, bias: Float)
    /// (x − mean) / √(variance + epsilon) · scale + bias, each [C].
    case batchNormalization(scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Float)
    /// x · scale + shift, each [C] or a single value [1]: a multiplication by or an addition of a constant.
    case scaleShift(scale: Tensor?, shift: Tensor?)
    /// A function of each value by itself.
    case activation(Activation)
    /// The sum of two or more values of one shape.
    case add
    /// The channels of all inputs one after the other.
    case concat
    /// Maps [C, H, W] as a vector [C · H · W].
    case flatten
    /// The value as it is (identity, dropout): no layer of its own, but its names are kept.
    case identity
    /// The softmax of a vector; allowed at the end only, where it is cut off.
    case softmax

    /// What errors call the operation.
    package var title: String {
        switch self {
        case .convolution: "convolution"
        case .innerProduct: "dense layer"
        case .maxPooling: "max pooling"
        case .averagePooling: "average pooling"
        case .globalAveragePooling: "global average pooling"
        case .localResponseNormalization: "local response normalization"
        case .batchNormalization: "batch normalization"
        case .scaleShift: "scale and shift"
        case .activation(let activation): activation.title
        case .add: "addition"
        case .concat: "concatenation"
        case .flatten: "flattening"
        case .identity: "identity"
        case .softmax: "softmax"
        }
    }

    /// How many values the operation may read.
    package var inputCounts: ClosedRange<Int> {
        switch self {
        case .add: 2...Int.max
        case .concat: 1...Int.max
        default: 1...1
        }
    }
}

extension Activation {
    /// Whether a DeconvNet treats it like a ReLU: the ReLU itself, and a clip that starts at 0.
    public var isRectifier: Bool {
        switch self {
        case .relu: true
        case .clip(let low, _): low == 0
        default: false
        }
    }

    /// What errors call it: `LeakyReLU`, `a clip to -1 … 1`.
    package var title: String {
        switch self {
        case .identity: "identity"
        case .relu: "ReLU"
        case .clip(let low, let high): "clip to \(low) … \(high)"
        case .leakyRelu: "LeakyReLU"
        case .elu: "ELU"
        case .sigmoid: "sigmoid"
        case .tanh: "tanh"
        case .silu: "SiLU"
        case .hardSigmoid: "hard sigmoid"
        case .hardSwish: "hard swish"
        case .softplus: "softplus"
        }
    }
}
