public import Kernels
public import Tensors

/// One layer of a network: a node of the file, or a convolution, dense layer or addition with what belongs to it.
public struct Layer: Sendable {
    /// Its position in the order of execution: `network.layers[index]`.
    public let index: Int
    /// Its canonical name: that of the last of its nodes, which answers state.
    public let name: String
    /// What it is.
    public var kind: LayerKind { operation.kind }
    /// The names of the nodes it is made of, in order.
    public let nodes: [String]
    /// The names of its values, in order; the last is its activation.
    public let values: [String]
    /// What it reads, in order.
    public let inputs: [LayerInput]
    /// The shape of its activation of one image: [C, H, W], or [C] for a dense layer or a flattening.
    public var shape: Shape { operation.shape }
    /// The activation function at its end; `.identity` where there is none.
    public let activation: Activation
    /// What its units see of the network's input.
    public let receptiveField: ReceptiveField
    /// How it is computed.
    package let operation: any LayerOperation

    /// Multiplications with an addition that it takes for one image: those of convolutions and dense layers.
    public var multiplyAdds: Int { operation.multiplyAdds }
    /// The same as time: of a layer in tiles, what another would have that takes as long.
    package var work: Int { operation.work }
    /// How many feature maps it has; a dense layer's units count as maps.
    public var featureMaps: Int { shape[0] }
    /// Rows of a feature map; 1 for a dense layer.
    public var height: Int { hasPositions ? shape[1] : 1 }
    /// Columns of a feature map; 1 for a dense layer.
    public var width: Int { hasPositions ? shape[2] : 1 }
    /// Whether its units have a position (y, x): not in a dense layer or a flattening.
    public var hasPositions: Bool { shape.rank == 3 }
}

/// What a layer reads.
public enum LayerInput: Hashable, Sendable {
    /// The network's input.
    case input
    /// The activation of the layer at this index.
    case layer(Int)
}

/// What a layer is.
public enum LayerKind: String, CaseIterable, Sendable {
    /// A convolution, with the batch normalization and ReLU or clip behind it.
    case convolution
    /// A dense layer, with the batch normalization and ReLU or clip behind it.
    case dense
    /// Maximum pooling: the layer that has switches.
    case maxPooling = "max_pooling"
    /// Average pooling.
    case averagePooling = "average_pooling"
    /// The mean of each whole map.
    case globalAveragePooling = "global_average_pooling"
    /// Local response normalization across channels.
    case localResponseNormalization = "local_response_normalization"
    /// A batch normalization, or other constant scale and shift, that could not be folded.
    case batchNormalization = "batch_normalization"
    /// An activation function by itself.
    case activation
    /// The sum of several layers, with the batch normalization and ReLU or clip behind it.
    case add
    /// The channels of several layers.
    case concat
    /// Maps as a vector.
    case flatten
}
