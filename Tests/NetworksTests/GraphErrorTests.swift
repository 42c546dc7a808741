import Kernels
import Networks
import Tensors
import Testing

@Suite struct GraphErrorTests {
    private func expectError(
        _ error: NetworksError, _ words: String, from graph: NetworkGraph, output: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) { try Network(graph, output: output) }
        #expect(error.description == words, sourceLocation: sourceLocation)
    }

    /// A graph of one node on an input [3, 9, 11].
    private func single(_ operation: Networks.Operation, inputs: [String] = ["input"]) -> NetworkGraph {
        var g = SampleGraph()
        g.node(operation, inputs, "node")
        return g.graph
    }

    private func conv(_ weights: Shape, bias: Int? = nil, groups: Int = 1, _ window: Window) -> Networks.Operation {
        .convolution(
            weights: Tensor(shape: weights), bias: bias.map { Tensor(shape: Shape([$0])) }, groups: groups,
            window: window)
    }

    @Test func namesAreChecked() {
        expectError(
            .emptyGraph, "the network has no nodes",
            from: NetworkGraph(
                input: GraphInput(name: "input", channels: 1, height: 1, width: 1), nodes: [], outputs: []))
        var graph = Sample.plain.graph
        graph.nodes[3].output = "conv1"
        expectError(
            .duplicateValue(value: "conv1", node: "conv2"),
            "node 'conv2' makes the value 'conv1', which is there already", from: graph)
        graph = Sample.plain.graph
        graph.nodes[3].inputs = ["nowhere"]
        expectError(
            .unknownValue(value: "nowhere", node: "conv2"),
            "node 'conv2' reads the value 'nowhere', which nothing makes", from: graph)
        graph.nodes[3].name = ""
        expectError(
            .unknownValue(value: "nowhere", node: "conv2"),
            "node 'conv2' reads the value 'nowhere', which nothing makes", from: graph)
        expectError(
            .unknownOutput(value: "prob", available: ["probabilities"]),
            "the network has no output 'prob'; it has 'probabilities'", from: Sample.plain.graph, output: "prob")
    }

    @Test func cyclesAreFound() {
        var graph = Sample.plain.graph
        graph.nodes[0].inputs = ["conv2"]
        let nodes = ["conv1", "conv2", "pool1", "conv1_relu"]
        expectError(
            .cycle(nodes: nodes), "these nodes need each other's values: 'conv1', 'conv2', 'pool1', 'conv1_relu'",
            from: graph)
    }

    @Test func inputCountsAreChecked() {
        expectError(
            .inputCount(node: "node", operation: "addition", expected: "at least 2", actual: 1),
            "node 'node' (addition) reads 1 values; expected at least 2", from: single(.add))
        expectError(
            .inputCount(node: "node", operation: "flattening", expected: "1", actual: 2),
            "node 'node' (flattening) reads 2 values; expected 1", from: single(.flatten, inputs: ["input", "input"]))
        expectError(
            .inputCount(node: "node", operation: "concatenation", expected: "at least 1", actual: 0),
            "node 'node' (concatenation) reads 0 values; expected at least 1", from: single(.concat, inputs: []))
    }

    @Test func weightsMustFit() {
        let window = Window(kernel: 3)
        let words = { (text: String) in "node 'node' (convolution): " + text }
        expectError(
            .shapeMismatch(
                node: "node", operation: "convolution", expected: "weights for the 3 channels of the input in 1 groups",
                actual: "[4, 2, 3, 3]"),
            words("expected weights for the 3 channels of the input in 1 groups, got [4, 2, 3, 3]"),
            from: single(conv([4, 2, 3, 3], window)))
        expectError(
            .shapeMismatch(
                node: "node", operation: "convolution", expected: "weights of the window 3×3", actual: "[4, 3, 5, 5]"),
            words("expected weights of the window 3×3, got [4, 3, 5, 5]"), from: single(conv([4, 3, 5, 5], window)))
        expectError(
            .shapeMismatch(node: "node", operation: "convolution", expected: "a bias [4]", actual: "[5]"),
            words("expected a bias [4], got [5]"), from: single(conv([4, 3, 3, 3], bias: 5, window)))
        expectError(
            .invalidParameter(node: "node", operation: "convolution", parameter: "groups", value: "3"),
            words("groups cannot be 3"), from: single(conv([4, 1, 3, 3], groups: 3, window)))
        expectError(
            .shapeMismatch(node: "node", operation: "dense layer", expected: "weights [O, 297]", actual: "[5, 300]"),
            "node 'node' (dense layer): expected weights [O, 297], got [5, 300]",
            from: single(.innerProduct(weights: Tensor(shape: [5, 300]), bias: nil)))
    }

    @Test func hostileWeightsAreRefused() {
        for shape in [[0, 3, 3, 3], [4, 0, 3, 3], [4, 3, 0, 0], [4, 3], [36]] {
            #expect(throws: NetworksError.self) { try Network(single(conv(Shape(shape), Window(kernel: 3)))) }
        }
        for groups in [0, -1, Int.max, Int.min] {
            #expect(throws: NetworksError.self) {
                try Network(single(conv([4, 3, 3, 3], groups: groups, Window(kernel: 3))))
            }
        }
        for shape in [[0, 297], [5, 0], [297], [5, 99, 3]] {
            #expect(throws: NetworksError.self) {
                try Network(single(.innerProduct(weights: Tensor(shape: Shape(shape)), bias: nil)))
            }
        }
    }

    @Test func windowsMustFit() {
        expectError(
            .windowDoesNotFit(node: "node", operation: "max pooling", input: [3, 9, 11], window: "12×12"),
            "node 'node' (max pooling): the window 12×12 does not fit an input of [3, 9, 11]",
            from: single(.maxPooling(Window(kernel: 12))))
        expectError(
            .windowDoesNotFit(
                node: "node", operation: "max pooling", input: [3, 9, 11],
                window: "1×1, stride 2, padding 1, 1, 1, 1"),
            "node 'node' (max pooling): the window 1×1, stride 2, padding 1, 1, 1, 1 does not fit an input of [3, 9, 11]",
            from: single(.maxPooling(Window(kernel: 1, stride: 2, pad: 1))))
    }

    @Test(arguments: [0, -1, Int.min, Int.max, 1 << 17]) func hostileWindowsAreRefused(_ value: Int) {
        var windows = [
            Window(kernel: value), Window(kernel: 2, stride: value), Window(kernel: 2, dilation: value),
        ]
        if value != 0 { windows.append(Window(kernel: 2, pad: value)) }
        for window in windows {
            #expect(throws: NetworksError.self) { try Network(single(.maxPooling(window))) }
            #expect(throws: NetworksError.self) { try Network(single(.averagePooling(window, countsPadding: true))) }
        }
    }

    @Test func shapesOfBranchesMustAgree() {
        var g = SampleGraph()
        let a = g.conv("input", "a", 4, Window(kernel: 3))
        let b = g.conv("input", "b", 4, Window(kernel: 1))
        var sum = g
        _ = sum.add([a, b], "sum")
        expectError(
            .shapeMismatch(
                node: "sum", operation: "addition", expected: "inputs of one shape", actual: "[4, 7, 9] and [4, 9, 11]"),
            "node 'sum' (addition): expected inputs of one shape, got [4, 7, 9] and [4, 9, 11]", from: sum.graph)
        _ = g.concat([a, b], "joined")
        expectError(
            .shapeMismatch(
                node: "joined", operation: "concatenation", expected: "inputs of one height and width",
                actual: "[4, 7, 9] and [4, 9, 11]"),
            "node 'joined' (concatenation): expected inputs of one height and width, got [4, 7, 9] and [4, 9, 11]",
            from: g.graph)
    }

    @Test func parametersOfNormalizationAreChecked() {
        let of = { (count: Int) in Tensor(shape: Shape([count]), repeating: 1) }
        expectError(
            .shapeMismatch(
                node: "node", operation: "batch normalization", expected: "four parameters of one size",
                actual: "[3, 3, 3, 4]"),
            "node 'node' (batch normalization): expected four parameters of one size, got [3, 3, 3, 4]",
            from: single(.batchNormalization(scale: of(3), bias: of(3), mean: of(3), variance: of(4), epsilon: 0)))
        expectError(
            .shapeMismatch(
                node: "node", operation: "batch normalization", expected: "3 channels", actual: "4 parameters"),
            "node 'node' (batch normalization): expected 3 channels, got 4 parameters",
            from: single(.batchNormalization(scale: of(4), bias: of(4), mean: of(4), variance: of(4), epsilon: 0)))
        expectError(
            .invalidParameter(
                node: "node", operation: "batch normalization", parameter: "variance + epsilon",
                value: "zero or negative"),
            "node 'node' (batch normalization): variance + epsilon cannot be zero or negative",
            from: single(.batchNormalization(scale: of(3), bias: of(3), mean: of(3), variance: of(3), epsilon: -1)))
        for (size, alpha, beta, bias) in [(0, 1, 1, 1), (3, -1, 1, 1), (3, 1, .nan, 1), (3, 1, 1, 0)]
            as [(Int, Float, Float, Float)]
        {
            #expect(throws: NetworksError.self) {
                try Network(single(.localResponseNormalization(size: size, alpha: alpha, beta: beta, bias: bias)))
            }
        }
        #expect(throws: NetworksError.self) { try Network(single(.activation(.clip(low: 2, high: 1)))) }
        #expect(throws: NetworksError.self) { try Network(single(.activation(.clip(low: .nan, high: 1)))) }
        #expect(throws: NetworksError.self) { try Network(single(.scaleShift(scale: of(2), shift: nil))) }
        #expect(throws: NetworksError.self) { try Network(single(.scaleShift(scale: of(0), shift: of(0)))) }
    }

    @Test func theNetworkMustClassify() {
        expectError(
            .noClassifier, "the network has neither a convolution nor a dense layer",
            from: single(.globalAveragePooling(keepsDimensions: true)))
        expectError(
            .outputIsNotClasses(layer: "node", shape: [4, 7, 9]),
            "the output 'node' of shape [4, 7, 9] is not one number a class",
            from: single(conv([4, 3, 3, 3], Window(kernel: 3))))
        var g = SampleGraph()
        let graph = g.classify(g.conv(g.node(.softmax, ["input"], "attention"), "conv1", 3, Window(kernel: 3)))
        expectError(
            .softmaxInside(node: "attention"),
            "node 'attention' (softmax) is not the network's last; only a final one is supported", from: graph)
        expectError(.emptyGraph, "the network has no nodes", from: single(.softmax))
        expectError(.emptyGraph, "the network has no nodes", from: single(.identity))
    }

    @Test func hugeValuesAreRefused() {
        for (channels, height, width) in [
            (1, 1 << 17, 1), (1 << 40, 1, 1), (1 << 11, 1 << 11, 1 << 11), (Int.max, 2, 2),
        ] {
            var graph = single(.flatten)
            graph.input = GraphInput(name: "input", channels: channels, height: height, width: width)
            #expect(
                throws: NetworksError.tooLarge(
                    node: "input", operation: "input", shape: "[\(channels), \(height), \(width)]")
            ) { try Network(graph) }
        }
        for size in [0, -1, Int.min] {
            var graph = single(.flatten)
            graph.input = GraphInput(name: "input", channels: 1, height: size, width: 3)
            #expect(throws: NetworksError.self) { try Network(graph) }
        }
    }

    @Test func requestErrorsAreInWords() {
        #expect(
            NetworksError.inputShape(expected: [3, 9, 11], actual: [3, 9, 10]).description
                == "the network takes an input of [3, 9, 11], not [3, 9, 10]")
        #expect(
            NetworksError.notFinite(layer: "pool1").description
                == "the numbers at layer 'pool1' are not finite: the input holds a NaN or is far too large")
        #expect(
            NetworksError.activationRefused(layer: "act", activation: "SiLU").description
                == "a DeconvNet is not defined for SiLU at layer 'act'; activations=gradient uses its derivative there")
        #expect(
            NetworksError.tooLarge(node: "n", operation: "convolution", shape: "[1, 2]").description
                == "node 'n' (convolution): a value of [1, 2] is too large")
    }
}
