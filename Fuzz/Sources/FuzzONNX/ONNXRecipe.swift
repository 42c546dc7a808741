/// Builds an ONNX file from bytes that a fuzzer made up (onnx.proto gives the numbers of the fields).
///
/// One changed byte of a finished file breaks the lengths of every message around it, so that hardly a change gets as
/// far as the layers. Here the bytes choose layers, sizes, strides, pads and so on, now and then outrageous ones, and
/// the file around them is right. It ends in a classifier, without which there is no network.
struct ONNXRecipe {
    /// What an input that is a recipe begins with.
    static let mark: [UInt8] = Array("ONNX:".utf8)

    private var rest: ArraySlice<UInt8>
    private var graph = ProtobufMessage()
    private var values: [(name: String, channels: Int)] = []
    private var count = 0

    /// The file that the recipe describes.
    static func file(_ recipe: ArraySlice<UInt8>) -> [UInt8] {
        var recipe = ONNXRecipe(rest: recipe)
        return recipe.model()
    }

    private init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    private mutating func take() -> Int { Int(rest.popFirst() ?? 0) }

    /// A number in the range, or, of few bytes, one that no file should have.
    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        let byte = take()
        let outrageous = [0, -1, 255, 1 << 31, 1 << 40, Int.max, Int.min]
        if byte >= 249 { return outrageous[byte - 249] }
        return range.lowerBound + byte % range.count
    }

    private mutating func model() -> [UInt8] {
        let opset = 9 + take() % 13
        let size = (channels: take() % 20 + 1, height: take() % 40 + 1, width: take() % 40 + 1)
        values = [("x", size.channels)]
        addInterface(11, "x", [1, size.channels, size.height, size.width])
        for _ in 0..<take() % 8 + 1 { addLayer() }
        let features = values[values.count - 1].channels
        addNode("GlobalAveragePool", [lastValue], features) { _, _ in }
        addNode("Flatten", [lastValue], features) { _, _ in }
        let weights = addWeights([4, features])
        addNode("Gemm", [lastValue, weights], 4) { node, _ in ONNXRecipe.attribute(&node, "transB", 1) }
        addInterface(12, lastValue, [1, 4])
        var model = ProtobufMessage()
        model.add(1, 8)
        model.add(8) { $0.add(2, opset) }
        model.add(7, graph.bytes)
        return model.bytes
    }

    private var lastValue: String { values[values.count - 1].name }

    private mutating func addLayer() {
        let before = values[values.count - 1]
        let other = values[take() % values.count]
        switch take() % 11 {
        case 0, 1, 2: addConvolution(before.channels)
        case 3: addNode("MaxPool", [before.name], before.channels) { $1.addWindow(&$0, dilates: true) }
        case 4:
            addNode("AveragePool", [before.name], before.channels) { node, recipe in
                recipe.addWindow(&node, dilates: false)
                ONNXRecipe.attribute(&node, "count_include_pad", recipe.take() & 1)
            }
        case 5: addNode("Relu", [before.name], before.channels) { _, _ in }
        case 6: addNode("LeakyRelu", [before.name], before.channels) { _, _ in }
        case 7:
            addNode("LRN", [before.name], before.channels) { node, recipe in
                ONNXRecipe.attribute(&node, "size", recipe.number(1...9))
            }
        case 8:
            let parts = (0..<4).map { _ in addWeights([before.channels]) }
            addNode("BatchNormalization", [before.name] + parts, before.channels) { _, _ in }
        case 9:
            addNode("Concat", [before.name, other.name], before.channels + other.channels) { node, _ in
                ONNXRecipe.attribute(&node, "axis", 1)
            }
        default: addNode("Add", [before.name, other.name], before.channels) { _, _ in }
        }
    }

    private mutating func addConvolution(_ channels: Int) {
        let isDepthwise = take() % 4 == 0
        let groups = isDepthwise ? channels : take() % 8 == 0 ? number(1...4) : 1
        let outputs = isDepthwise ? channels * (take() % 2 + 1) : take() % 20 + 1
        let kernel = [take() % 7 + 1, take() % 7 + 1]
        let weights = addWeights([outputs, groups > 0 ? max(1, channels / groups) : 1] + kernel)
        addNode("Conv", [lastValue, weights], outputs) { node, recipe in
            ONNXRecipe.attribute(&node, "group", groups)
            recipe.addWindow(&node, kernel: kernel, dilates: true)
        }
    }

    /// Kernel, strides, pads, dilations and rounding; each list is left out now and then.
    private mutating func addWindow(_ node: inout ProtobufMessage, kernel given: [Int]? = nil, dilates: Bool) {
        let kernel = given ?? [number(1...6), number(1...6)]
        ONNXRecipe.attribute(&node, "kernel_shape", kernel)
        let choices = take()
        if choices & 1 == 0 { ONNXRecipe.attribute(&node, "strides", [number(1...5), number(1...5)]) }
        if choices & 2 == 0 { ONNXRecipe.attribute(&node, "pads", (0..<4).map { _ in number(0...6) }) }
        if choices & 12 == 12 && dilates { ONNXRecipe.attribute(&node, "dilations", [number(1...4), number(1...4)]) }
        if choices & 16 == 16 && given == nil { ONNXRecipe.attribute(&node, "ceil_mode", 1) }
        if choices & 224 == 224 {
            ONNXRecipe.attribute(&node, "auto_pad", ["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"][take() % 4])
        }
    }

    private mutating func addNode(
        _ kind: String, _ inputs: [String], _ channels: Int,
        _ attributes: (inout ProtobufMessage, inout ONNXRecipe) -> Void
    ) {
        count += 1
        var node = ProtobufMessage()
        for input in inputs { node.add(1, input) }
        node.add(2, "v\(count)")
        node.add(3, "n\(count)")
        node.add(4, kind)
        attributes(&node, &self)
        graph.add(1, node.bytes)
        values.append(("v\(count)", channels))
    }

    /// An initializer of this shape with small values of both signs; its name.
    private mutating func addWeights(_ dimensions: [Int]) -> String {
        count += 1
        let name = "w\(count)"
        let size = min(dimensions.reduce(1, *), 1 << 14)
        let values = (0..<size).map { Float(($0 * 31 + count * 7) % 17 - 6) / 8 }
        graph.add(5) { tensor in
            for dimension in dimensions { tensor.add(1, dimension) }
            tensor.add(2, 1)
            tensor.add(8, name)
            for value in values { tensor.add(4, value) }
        }
        return name
    }

    private mutating func addInterface(_ field: Int, _ name: String, _ dimensions: [Int]) {
        graph.add(field) { value in
            value.add(1, name)
            value.add(2) { type in
                type.add(1) { tensor in
                    tensor.add(1, 1)
                    tensor.add(2) { shape in
                        for dimension in dimensions { shape.add(1) { $0.add(1, dimension) } }
                    }
                }
            }
        }
    }

    private static func attribute(_ node: inout ProtobufMessage, _ name: String, _ value: Int) {
        node.add(5) { attribute in
            attribute.add(1, name)
            attribute.add(3, value)
            attribute.add(20, 2)
        }
    }

    private static func attribute(_ node: inout ProtobufMessage, _ name: String, _ values: [Int]) {
        node.add(5) { attribute in
            attribute.add(1, name)
            for value in values { attribute.add(8, value) }
            attribute.add(20, 7)
        }
    }

    private static func attribute(_ node: inout ProtobufMessage, _ name: String, _ value: String) {
        node.add(5) { attribute in
            attribute.add(1, name)
            attribute.add(4, value)
            attribute.add(20, 3)
        }
    }
}
