import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ReceptiveFieldTests {
    @Test(arguments: Sample.allCases) func holdsExactlyWhatPathsLeadTo(_ sample: Sample) throws {
        let network = try Network(sample.graph)
        let seen = pixelsSeen(in: sample.graph)
        for layer in network.layers where layer.hasPositions && layer.kind != .globalAveragePooling {
            let pixels = try #require(seen[layer.lastValue])
            for y in 0..<layer.height {
                for x in 0..<layer.width {
                    let units = (0..<layer.featureMaps).map { ($0 * layer.height + y) * layer.width + x }
                    let union = units.reduce(into: Set<Int>()) { $0.formUnion(pixels[$1]) }
                    let box = boundingBox(union, width: network.inputShape[2])
                    let field = layer.receptiveField.rectangle(y: y, x: x)
                    #expect([field.top, field.left, field.bottom, field.right] == box, "\(layer.name) at \(y), \(x)")
                    #expect(field.height <= layer.receptiveField.height && field.width <= layer.receptiveField.width)
                }
            }
        }
    }

    @Test func isTheWholeInputBehindGlobalPoolingAndDenseLayers() throws {
        for (sample, names) in [(Sample.plain, ["gap", "flatten", "fc"]), (.dense, ["flatten", "fc6", "fc7"])] {
            let network = try Network(sample.graph)
            let (height, width) = (network.inputShape[1], network.inputShape[2])
            for name in names {
                let field = try network.layer(named: name).receptiveField
                let whole = field.rectangle(y: 0, x: 0)
                #expect([whole.top, whole.left, whole.bottom, whole.right] == [0, 0, height, width])
                #expect([field.height, field.width] == [height, width])
            }
        }
    }

    @Test func growsWithWindowsAndStrides() throws {
        let network = try Network(Sample.plain.graph)
        let fields = network.layers.prefix(3).map(\.receptiveField)
        #expect(fields.map(\.height) == [3, 5, 9] && fields.map(\.width) == [3, 5, 9])
        #expect(fields.map(\.strideY) == [1, 2, 4] && fields.map(\.strideX) == [1, 2, 4])
    }

    @Test func countsTheTapsOfADilatedWindow() throws {
        var g = SampleGraph(height: 9, width: 9)
        let graph = g.classify(g.conv("input", "conv1", 2, Window(kernel: 3, pad: 2, dilation: 2)))
        let field = try Network(graph).layers[0].receptiveField
        #expect(field.height == 5)
        // The taps of the first row of units stand at rows -2, 0 and 2; of the second at -1, 1 and 3.
        #expect(field.rectangle(y: 0, x: 4).top == 0 && field.rectangle(y: 0, x: 4).bottom == 3)
        #expect(field.rectangle(y: 1, x: 4).top == 1 && field.rectangle(y: 1, x: 4).bottom == 4)
    }

    /// Taps further apart than the input is high: the first unit sees row 2, the second nothing, the third row 0.
    @Test func holdsFieldsThatDoNotGrowAlongTheAxis() throws {
        var g = SampleGraph(height: 3, width: 3)
        let wide = Window(kernelHeight: 4, kernelWidth: 1, dilationY: 4, padding: .sameUpper)
        let first = g.conv("input", "conv1", 2, wide)
        let network = try Network(g.classify(g.conv(first, "conv2", 2, Window(kernelHeight: 3, kernelWidth: 1))))
        let fields = (0..<3).map { network.layers[0].receptiveField.rectangle(y: $0, x: 0) }
        #expect(fields.map { [$0.top, $0.bottom] } == [[2, 3], [0, 0], [0, 1]])
        let behind = network.layers[1].receptiveField.rectangle(y: 0, x: 0)
        #expect([behind.top, behind.bottom] == [0, 3])
    }

    @Test func isTheUnionOfBranchesThatLookAside() throws {
        var g = SampleGraph(height: 12, width: 12)
        func conv(_ name: String, _ padding: Window.Padding) -> String {
            g.conv("input", name, 2, Window(kernelHeight: 3, kernelWidth: 3, padding: padding))
        }
        let up = conv("up", .explicit(top: 2, left: 0, bottom: 0, right: 2))
        let down = conv("down", .explicit(top: 0, left: 2, bottom: 2, right: 0))
        let field = try Network(g.classify(g.add([up, down], "sum"))).layers[2].receptiveField
        #expect(field.height == 5 && field.width == 5)
        let unit = field.rectangle(y: 5, x: 6)
        #expect([unit.top, unit.left, unit.bottom, unit.right] == [3, 4, 8, 9])
    }

    @Test func leavesOutWhatAStrideSkipsAtTheBorder() throws {
        var g = SampleGraph(height: 10, width: 10)
        let x = g.conv("input", "conv1", 2, Window(kernel: 3, stride: 2))
        let network = try Network(g.classify(g.conv(x, "conv2", 2, Window(kernel: 3, pad: 1))))
        let last = network.layers[1].receptiveField.rectangle(y: 3, x: 3)
        #expect([last.top, last.left, last.bottom, last.right] == [4, 4, 9, 9])
        #expect(network.layers[1].receptiveField.whole == network.layers[0].receptiveField.whole)
    }

    @Test func isEmptyForAUnitThatSeesOnlyPadding() throws {
        var g = SampleGraph(height: 4, width: 4)
        let network = try Network(g.classify(g.conv("input", "conv1", 2, Window(kernel: 1, pad: 1))))
        let corner = network.layers[0].receptiveField.rectangle(y: 0, x: 2)
        #expect(corner.height == 0 && corner.width == 1)
    }

    @Test func staysInBoundsForEndlessStrides() throws {
        var g = SampleGraph(height: 1, width: 1)
        var x = "input"
        for k in 0..<6 { x = g.conv(x, "conv\(k)", 1, Window(kernel: 1, stride: 1 << 16)) }
        let network = try Network(g.classify(x))
        #expect(network.layers[5].receptiveField.strideY == 1 << 30)
        #expect(network.layers[5].receptiveField.rectangle(y: 0, x: 0).height == 1)
    }

    /// The positions of the input that a path from each unit leads to, by value.
    ///
    /// A maximum sees its whole window like a mean does; functions of single values see themselves.
    private func pixelsSeen(in graph: NetworkGraph) -> [String: [Set<Int>]] {
        var open = graph
        for k in open.nodes.indices {
            switch open.nodes[k].operation {
            case .maxPooling(let window): open.nodes[k].operation = .averagePooling(window, countsPadding: true)
            case .activation, .localResponseNormalization, .softmax: open.nodes[k].operation = .identity
            default: break
            }
        }
        let plane = graph.input.height * graph.input.width
        var seen = [graph.input.name: (0..<graph.input.channels * plane).map { Set([$0 % plane]) }]
        for step in NetworkDefinition(open, graph.picture()).steps {
            var own = [Set<Int>](repeating: [], count: step.value.count)
            for (name, map) in zip(step.node.inputs, step.maps) {
                let before = seen[name] ?? []
                for (row, entries) in map.entries.enumerated() {
                    for entry in entries { own[row].formUnion(before[entry.column]) }
                }
            }
            seen[step.node.output] = own
        }
        return seen
    }

    private func boundingBox(_ pixels: Set<Int>, width: Int) -> [Int] {
        let (rows, columns) = (pixels.map { $0 / width }, pixels.map { $0 % width })
        return [rows.min() ?? 0, columns.min() ?? 0, (rows.max() ?? -1) + 1, (columns.max() ?? -1) + 1]
    }
}
