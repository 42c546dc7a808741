import Networks
import ONNXSchema

/// The one input of a graph that is not a weight: an image, N, C, H, W or, behind a Transpose, N, H, W, C.
struct InputImage {
    let graphInput: GraphInput
    let value: MapsValue

    init(
        _ graph: Onnx_GraphProto, initializers: [String: GraphValue], options: ONNXImportOptions
    ) throws(ONNXError) {
        let inputs = graph.input.filter { initializers[$0.name] == nil }
        guard let input = inputs.first, inputs.count == 1, !input.name.isEmpty else {
            throw .invalidInput(found: "the inputs \(inputs.map(\.name))", expected: "one image")
        }
        let tensor = input.type.tensorType
        guard let type = ElementType(rawValue: tensor.elemType), type.isFloatingPoint else {
            throw .invalidInput(
                found: "'\(input.name)' of type \(ElementType.name(of: tensor.elemType))", expected: "floats")
        }
        let channelsLast = Self.isTransposed(input.name, graph)
        let axes = channelsLast ? [0, 2, 3, 1] : [0, 1, 2, 3]
        let dimensions = tensor.shape.dim.map(\.dimValue)
        guard dimensions.count == 4 else {
            throw .invalidInput(
                found: "'\(input.name)' of shape \(dimensions)", expected: "four dimensions: N, C, H, W")
        }
        var sizes = [0, 0, 0]
        for (dimension, axis) in zip(dimensions, axes) where axis > 0 {
            sizes[axis - 1] = try Self.size(dimension, axis: axis, input: input.name, options)
        }
        let batch = dimensions[0] > 0 && dimensions[0] <= 1 << 20 ? Int(dimensions[0]) : nil
        value = MapsValue(name: input.name, sizes: sizes, axes: axes, batch: batch)
        guard value.count <= options.limits.maximumActivations else {
            throw .limitExceeded(
                what: "values of the input '\(input.name)'", found: value.count,
                allowed: options.limits.maximumActivations)
        }
        graphInput = GraphInput(name: input.name, channels: sizes[0], height: sizes[1], width: sizes[2])
    }

    /// The size of an axis: the file's, else for rows and columns what the options say.
    private static func size(
        _ dimension: Int64, axis: Int, input: String, _ options: ONNXImportOptions
    ) throws(ONNXError) -> Int {
        let name = ["channels", "height", "width"][axis - 1]
        if dimension > 0 {
            guard dimension <= 1 << 20 else {
                throw .limitExceeded(what: "\(name) of the input '\(input)'", found: Int(dimension), allowed: 1 << 20)
            }
            return Int(dimension)
        }
        let size = axis == 1 ? nil : options.inputSize.map { axis == 2 ? $0.height : $0.width }
        guard let size, size > 0, size <= 1 << 20 else {
            throw .invalidInput(
                found: "'\(input)' leaves its \(name) open",
                expected: axis == 1 ? "a number" : "a size (crop, or an exact resize, in model.json)")
        }
        return size
    }

    /// Whether the input reaches, through operators that work value by value, a Transpose from N, H, W, C.
    private static func isTransposed(_ input: String, _ graph: Onnx_GraphProto) -> Bool {
        let passed: Set = ["Add", "Sub", "Mul", "Div", "Cast", "Identity"]
        var names: Set = [input]
        for node in graph.node where !names.isDisjoint(with: node.input) {
            if node.opType == "Transpose" {
                return node.attribute.contains { $0.name == "perm" && $0.ints == [0, 3, 1, 2] }
            }
            guard passed.contains(node.opType) else { return false }
            names.formUnion(node.output)
        }
        return false
    }
}
