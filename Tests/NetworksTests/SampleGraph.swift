import Kernels
import Networks
import Tensors
import TestSupport

/// Builds small graphs with random but fixed weights, a node at a time; each method returns its value's name.
struct SampleGraph {
    private(set) var graph: NetworkGraph
    private var random: SplitMix64
    private var channels: [String: Int]

    init(seed: UInt64 = 1, channels: Int = 3, height: Int = 9, width: Int = 11) {
        let input = GraphInput(name: "input", channels: channels, height: height, width: width)
        graph = NetworkGraph(input: input, nodes: [], outputs: [])
        random = SplitMix64(seed: seed)
        self.channels = ["input": channels]
    }

    /// Random numbers spread like a trained layer's.
    mutating func weights(_ shape: Shape, scale: Float = 1) -> Tensor {
        let fan = max(1, shape.count / max(1, shape[0]))
        let bound = scale * (3 / Float(fan)).squareRoot()
        return Tensor(shape: shape, values: (0..<shape.count).map { _ in random.float(in: -bound...bound) })
    }

    @discardableResult
    mutating func node(_ operation: Operation, _ inputs: [String], _ name: String, channels count: Int? = nil) -> String
    {
        graph.nodes.append(GraphNode(name: name, operation: operation, inputs: inputs, output: name))
        channels[name] = count ?? inputs.first.flatMap { channels[$0] } ?? 0
        graph.outputs = [name]
        return name
    }

    mutating func conv(
        _ input: String, _ name: String, _ count: Int, _ window: Window, groups: Int = 1, bias: Bool = true
    ) -> String {
        let shape: Shape = [count, (channels[input] ?? 0) / groups, window.kernelHeight, window.kernelWidth]
        let weights = weights(shape, scale: 1.4)
        let offset = bias ? self.weights([count], scale: 0.2) : nil
        return node(
            .convolution(weights: weights, bias: offset, groups: groups, window: window), [input], name, channels: count
        )
    }

    /// A square convolution and the ReLU behind it, named `NAME_relu`.
    mutating func convRelu(_ input: String, _ name: String, _ count: Int, _ window: Window) -> String {
        relu(conv(input, name, count, window))
    }

    mutating func relu(_ input: String) -> String { node(.activation(.relu), [input], input + "_relu") }

    mutating func activation(_ input: String, _ activation: Activation, _ suffix: String) -> String {
        node(.activation(activation), [input], input + suffix)
    }

    mutating func maxPool(_ input: String, _ name: String, _ window: Window) -> String {
        node(.maxPooling(window), [input], name)
    }

    mutating func batchNorm(_ input: String, _ name: String) -> String {
        let count = channels[input] ?? 0
        let variance = Tensor(shape: [count], values: (0..<count).map { _ in random.float(in: 0.5...2) })
        let scale = Tensor(shape: [count], values: (0..<count).map { _ in random.float(in: -1.5...1.5) })
        return node(
            .batchNormalization(
                scale: scale, bias: weights([count], scale: 0.2), mean: weights([count], scale: 0.3),
                variance: variance,
                epsilon: 1e-3), [input], name)
    }

    mutating func add(_ inputs: [String], _ name: String) -> String { node(.add, inputs, name) }

    mutating func concat(_ inputs: [String], _ name: String) -> String {
        node(.concat, inputs, name, channels: inputs.reduce(0) { $0 + (channels[$1] ?? 0) })
    }

    mutating func dense(_ input: String, _ name: String, reading inputs: Int, _ outputs: Int) -> String {
        let weights = weights([outputs, inputs], scale: 1.4)
        let bias = self.weights([outputs], scale: 0.2)
        return node(.innerProduct(weights: weights, bias: bias), [input], name, channels: outputs)
    }

    /// Global average pooling, flattening, a dense layer `fc` of so many classes, and a softmax.
    mutating func classify(_ input: String, classes: Int = 5) -> NetworkGraph {
        let mean = node(.globalAveragePooling(keepsDimensions: true), [input], "gap")
        let flat = node(.flatten, [mean], "flatten")
        let logits = dense(flat, "fc", reading: channels[input] ?? 0, classes)
        node(.softmax, [logits], "probabilities")
        return graph
    }

}

/// The graphs that several tests run.
enum Sample: String, CaseIterable, CustomStringConvertible {
    case plain, residual, inception, alignedInception, depthwise, normalized, dense, samePadding, unfolded, sharedInput,
        wideInput, denselyConnected, tiled

    var description: String { rawValue }

    var graph: NetworkGraph {
        switch self {
        case .plain: Sample.makePlain()
        case .residual: Sample.makeResidual()
        case .inception: Sample.makeInception(4, 6, 3)
        case .alignedInception: Sample.makeInception(16, 32, 5)
        case .depthwise: Sample.makeDepthwise()
        case .normalized: Sample.makeNormalized()
        case .dense: Sample.makeDense()
        case .samePadding: Sample.makeSamePadding()
        case .unfolded: Sample.makeUnfolded()
        case .sharedInput: Sample.makeSharedInput()
        case .wideInput: Sample.makeWideInput()
        case .denselyConnected: Sample.makeDenselyConnected()
        case .tiled: Sample.makeTiled()
        }
    }

    private static func makePlain() -> NetworkGraph {
        var g = SampleGraph(seed: 1)
        let x = g.maxPool(
            g.convRelu("input", "conv1", 6, Window(kernel: 3, pad: 1)), "pool1",
            Window(kernel: 3, stride: 2, ceilMode: true))
        return g.classify(g.convRelu(x, "conv2", 20, Window(kernel: 3, stride: 2, pad: 1)))
    }

    private static func makeResidual() -> NetworkGraph {
        var g = SampleGraph(seed: 2, height: 13, width: 11)
        let stem = g.relu(
            g.batchNorm(g.conv("input", "stem", 8, Window(kernel: 5, stride: 2, pad: 2), bias: false), "stem_bn"))
        var x = g.maxPool(stem, "stem_pool", Window(kernel: 3, stride: 1, pad: 1))
        var y = g.relu(g.batchNorm(g.conv(x, "b0_1", 8, Window(kernel: 3, pad: 1), bias: false), "b0_bn1"))
        y = g.batchNorm(g.conv(y, "b0_2", 8, Window(kernel: 3, pad: 1), bias: false), "b0_bn2")
        x = g.relu(g.add([y, x], "b0_add"))
        y = g.batchNorm(g.conv(x, "b1_1", 12, Window(kernel: 3, stride: 2, pad: 1), bias: false), "b1_bn1")
        let short = g.batchNorm(g.conv(x, "b1_s", 12, Window(kernel: 1, stride: 2), bias: false), "b1_sbn")
        return g.classify(g.relu(g.add([y, short], "b1_add")))
    }

    private static func makeInception(_ a: Int, _ b: Int, _ c: Int) -> NetworkGraph {
        var g = SampleGraph(seed: 3, height: 8, width: 9)
        let x = g.convRelu("input", "stem", 8, Window(kernel: 3, pad: 1))
        let one = g.convRelu(x, "a1", a, Window(kernel: 1))
        let two = g.convRelu(g.convRelu(x, "b1", 4, Window(kernel: 1)), "b2", b, Window(kernel: 3, pad: 1))
        let pool = g.maxPool(x, "d_pool", Window(kernel: 3, stride: 1, pad: 1))
        let three = g.activation(g.conv(pool, "d1", c, Window(kernel: 1)), .clip(low: 0, high: 1), "_clip")
        let mixed = g.concat([one, two, three], "mixed")
        let mean = g.node(
            .averagePooling(Window(kernel: 3, stride: 2, pad: 1), countsPadding: false), [mixed], "avg")
        return g.classify(g.convRelu(mean, "head", 9, Window(kernel: 3, pad: 2, dilation: 2)))
    }

    private static func makeDepthwise() -> NetworkGraph {
        var g = SampleGraph(seed: 4, channels: 1, height: 12, width: 9)
        var x = g.activation(
            g.conv(
                "input", "stem", 8,
                Window(
                    kernelHeight: 3, kernelWidth: 3, strideY: 2, strideX: 2,
                    padding: .explicit(top: 0, left: 0, bottom: 1, right: 1))),
            .clip(low: 0, high: 6), "_clip")
        x = g.activation(g.conv(x, "dw1", 8, Window(kernel: 3, pad: 1), groups: 8), .clip(low: 0, high: 6), "_clip")
        x = g.conv(x, "pw1", 12, Window(kernel: 1))
        return g.classify(g.relu(g.conv(x, "g1", 12, Window(kernel: 3, stride: 2, pad: 1), groups: 3)))
    }

    private static func makeNormalized() -> NetworkGraph {
        var g = SampleGraph(seed: 5)
        let x = g.maxPool(g.convRelu("input", "conv1", 7, Window(kernel: 3)), "pool1", Window(kernel: 2, stride: 2))
        let y = g.node(.localResponseNormalization(size: 5, alpha: 0.5, beta: 0.75, bias: 1), [x], "norm1")
        return g.classify(g.convRelu(y, "conv2", 6, Window(kernel: 3, pad: 1)))
    }

    private static func makeDense() -> NetworkGraph {
        var g = SampleGraph(seed: 6, height: 7, width: 6)
        let x = g.maxPool(g.convRelu("input", "conv1", 5, Window(kernel: 3)), "pool1", Window(kernel: 2, stride: 2))
        let flat = g.node(.flatten, [x], "flatten")
        let hidden = g.relu(g.dense(flat, "fc6", reading: 5 * 2 * 2, 18))
        let logits = g.dense(g.node(.identity, [hidden], "drop6"), "fc7", reading: 18, 6)
        g.node(.softmax, [logits], "probabilities")
        return g.graph
    }

    private static func makeSamePadding() -> NetworkGraph {
        var g = SampleGraph(seed: 8, height: 10, width: 7)
        func same(_ kernel: Int, _ stride: Int, _ padding: Window.Padding) -> Window {
            Window(kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride, padding: padding)
        }
        var x = g.convRelu("input", "conv1", 4, same(3, 2, .sameUpper))
        x = g.maxPool(x, "pool1", same(2, 1, .sameLower))
        x = g.node(.averagePooling(same(2, 1, .sameUpper), countsPadding: true), [x], "avg")
        return g.classify(g.convRelu(x, "conv2", 5, same(2, 1, .valid)))
    }

    /// Batch norms that have no convolution to go into, and values that two layers read in between.
    private static func makeUnfolded() -> NetworkGraph {
        var g = SampleGraph(seed: 9, height: 6, width: 7)
        let first = g.batchNorm("input", "bn_in")
        let conv = g.conv(first, "conv1", 4, Window(kernel: 3, pad: 1))
        let norm = g.batchNorm(conv, "bn1")
        let sum = g.relu(g.batchNorm(g.add([g.relu(norm), conv], "add1"), "add1_bn"))
        let scaled = g.node(.scaleShift(scale: Tensor(shape: [1], values: [-0.5]), shift: nil), [sum], "scale")
        return g.classify(g.convRelu(g.add([scaled, sum, conv], "add2"), "conv2", 5, Window(kernel: 3)))
    }

    /// An input that a convolution, a grouped one, a pooling, a concatenation and an addition read.
    private static func makeSharedInput() -> NetworkGraph {
        var g = SampleGraph(seed: 10, channels: 4, height: 7, width: 6)
        let one = g.convRelu("input", "conv1", 16, Window(kernel: 3, pad: 1))
        let two = g.relu(g.conv("input", "conv2", 4, Window(kernel: 3, pad: 1), groups: 2))
        let pool = g.maxPool("input", "pool", Window(kernel: 3, stride: 1, pad: 1))
        let sum = g.add(["input", two, "input", pool], "sum")
        return g.classify(g.convRelu(g.concat([one, "input", sum], "mixed"), "conv3", 5, Window(kernel: 2)))
    }

    /// More channels than a block has lanes, and a concatenation inside another.
    private static func makeWideInput() -> NetworkGraph {
        var g = SampleGraph(seed: 11, channels: 18, height: 5, width: 5)
        let one = g.convRelu("input", "conv1", 16, Window(kernel: 3, pad: 1))
        let two = g.convRelu("input", "conv2", 16, Window(kernel: 1))
        let pool = g.maxPool(g.concat([one, two], "inner"), "pool", Window(kernel: 3, stride: 1, pad: 1))
        let three = g.convRelu(two, "conv3", 32, Window(kernel: 1))
        let four = g.concat([three, g.convRelu(three, "conv4", 3, Window(kernel: 1))], "inner2")
        return g.classify(g.convRelu(g.concat([pool, four], "outer"), "conv5", 6, Window(kernel: 2)))
    }

    /// Values that several concatenations read, and one that a concatenation reads twice.
    private static func makeDenselyConnected() -> NetworkGraph {
        var g = SampleGraph(seed: 12, channels: 2, height: 5, width: 4)
        let one = g.convRelu("input", "conv1", 16, Window(kernel: 3, pad: 1))
        let two = g.convRelu(one, "conv2", 16, Window(kernel: 3, pad: 1))
        let three = g.convRelu(g.concat([one, two], "joined1"), "conv3", 16, Window(kernel: 1))
        let four = g.convRelu(g.concat([two, one, three, two], "joined2"), "conv4", 7, Window(kernel: 1))
        return g.classify(g.convRelu(g.concat([three, four], "joined3"), "conv5", 6, Window(kernel: 2)))
    }
}
