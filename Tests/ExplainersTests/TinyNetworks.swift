import Kernels
import Networks
import Tensors
import TestSupport

/// Small networks made by hand, value names like node names.
enum TinyNetworks {
    /// conv 3×3 → activation → global average → dense.
    static func single(
        channels: Int = 3, height: Int, width: Int, maps: Int = 5, classes: Int = 4, activation: Activation = .relu
    ) throws -> Network {
        try chain(
            channels: channels, height: height, width: width,
            [
                ("conv", convolution(outputs: maps, inputs: channels, seed: 1)), ("act", .activation(activation)),
                ("gap", .globalAveragePooling(keepsDimensions: false)),
                ("fc", dense(outputs: classes, inputs: maps, seed: 3)),
            ])
    }

    /// conv 3×3 → ReLU → pool 2/2 → conv 3×3 → ReLU → global average → dense.
    static func double(height: Int, width: Int) throws -> Network {
        try chain(
            channels: 3, height: height, width: width,
            [
                ("conv1", convolution(outputs: 6, inputs: 3, seed: 11)), ("relu1", .activation(.relu)),
                ("pool1", .maxPooling(Window(kernel: 2, stride: 2))),
                ("conv2", convolution(outputs: 18, inputs: 6, seed: 13)), ("relu2", .activation(.relu)),
                ("gap", .globalAveragePooling(keepsDimensions: false)),
                ("fc", dense(outputs: 4, inputs: 18, seed: 15)),
            ])
    }

    /// One 1×1 convolution of one channel with weight `weight` → ReLU → dense over all pixels with weight `dense`.
    static func scaling(height: Int, width: Int, weight: Float, dense: Float) throws -> Network {
        let window = Window(kernel: 1)
        return try chain(
            channels: 1, height: height, width: width,
            [
                (
                    "conv",
                    .convolution(
                        weights: Tensor(shape: [1, 1, 1, 1], values: [weight]), bias: nil, groups: 1, window: window)
                ), ("relu", .activation(.relu)),
                ("fc", .innerProduct(weights: Tensor(shape: [2, height * width], repeating: dense), bias: nil)),
            ])
    }

    /// Operations one after the other.
    static func chain(
        channels: Int, height: Int, width: Int, _ operations: [(String, Networks.Operation)]
    ) throws -> Network {
        var input = "input"
        let nodes = operations.map { name, operation in
            defer { input = name }
            return GraphNode(name: name, operation: operation, inputs: [input], output: name)
        }
        return try Network(
            NetworkGraph(
                input: GraphInput(name: "input", channels: channels, height: height, width: width), nodes: nodes,
                outputs: [input]))
    }

    private static func convolution(outputs: Int, inputs: Int, seed: UInt64) -> Networks.Operation {
        .convolution(
            weights: randomTensor(shape: [outputs, inputs, 3, 3], seed: seed),
            bias: randomTensor(shape: [outputs], seed: seed + 1), groups: 1, window: Window(kernel: 3, pad: 1))
    }

    private static func dense(outputs: Int, inputs: Int, seed: UInt64) -> Networks.Operation {
        .innerProduct(
            weights: randomTensor(shape: [outputs, inputs], seed: seed),
            bias: randomTensor(shape: [outputs], seed: seed + 1))
    }
}
