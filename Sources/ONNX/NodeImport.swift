import Networks
import ONNXSchema
import Tensors

/// One node on its way into the network graph: its inputs, attributes and the errors it can have.
struct NodeImport {
    let label: NodeLabel
    let operatorSet: Int
    let limits: ONNXLimits
    let inputs: [GraphValue?]
    let output: String
    var attributes: NodeAttributes
    /// What the node has become.
    private(set) var emitted: GraphNode?
    /// Multiply-adds of one image.
    private(set) var multiplyAdds = 0
    /// The values of the weights it has taken.
    private(set) var weights = 0

    private let nodeName: String
    private let reader: TensorReader

    init(_ node: Onnx_NodeProto, inputs: [GraphValue?], operatorSet: Int, reader: TensorReader) throws(ONNXError) {
        label = node.label
        nodeName = node.name
        self.operatorSet = operatorSet
        self.limits = reader.limits
        self.inputs = inputs
        self.reader = reader
        output = node.output.first ?? ""
        attributes = try NodeAttributes(node, label: label)
        guard !output.isEmpty else {
            throw label.invalid("no output", expected: "at least one")
        }
    }

    // MARK: - Inputs

    /// Whether the file gives the input at `index` (optional ones have an empty name).
    func has(_ index: Int) -> Bool {
        inputs.indices.contains(index) && inputs[index] != nil
    }

    /// Whether every input that is given is known at import.
    var isConstant: Bool {
        inputs.allSatisfy { value in
            if case .maps = value { false } else { true }
        }
    }

    /// The activation at `index`, whatever the order of its axes.
    func maps(_ index: Int) throws(ONNXError) -> MapsValue {
        guard has(index), case .maps(let maps) = inputs[index] else {
            throw has(index)
                ? label.unsupported("a constant as input \(index)", supported: "the network's values there")
                : label.invalid("input \(index) is missing", expected: "a value there")
        }
        guard maps.padding == nil else {
            throw label.unsupported(
                "input padded by a Pad", supported: "a Pad in front of Conv, AveragePool and MaxPool")
        }
        return maps
    }

    /// The activation at `index` with the axes N, C, H, W.
    func spatialMaps(_ index: Int, takingPadding: Bool = false) throws(ONNXError) -> MapsValue {
        let maps: MapsValue
        if takingPadding, has(index), case .maps(let padded) = inputs[index] {
            maps = padded
        } else {
            maps = try self.maps(index)
        }
        guard maps.sizes.count == 3 else {
            throw label.unsupported("input of shape \(maps.fileShape)", supported: "four axes: N, C, H, W")
        }
        guard maps.isPlain else {
            throw label.unsupported(
                "input \(maps.fileShape) with its channels not second (a Transpose stands before)",
                supported: "N, C, H, W")
        }
        return maps
    }

    /// The constant at `index`, `nil` where the file leaves the input out.
    func optionalConstant(_ index: Int) throws(ONNXError) -> Constant? {
        guard has(index), let value = inputs[index] else { return nil }
        switch value {
        case .constant(let constant): return constant
        case .stored(let tensor): return try reader.constant(tensor)
        case .maps:
            throw label.unsupported("input \(index) that is computed by the network", supported: "a constant there")
        }
    }

    func constant(_ index: Int) throws(ONNXError) -> Constant {
        guard let constant = try optionalConstant(index) else {
            throw label.invalid("input \(index) is missing", expected: "a constant there")
        }
        return constant
    }

    /// The integers at `index`, flattened.
    func optionalIntegers(_ index: Int) throws(ONNXError) -> [Int]? {
        guard let constant = try optionalConstant(index) else { return nil }
        guard let integers = constant.integers else {
            throw label.invalid("input \(index) holds floats", expected: "integers")
        }
        return integers.map { Int($0) }
    }

    /// A tensor stored in an attribute.
    func constant(stored tensor: Onnx_TensorProto) throws(ONNXError) -> Constant {
        try reader.constant(tensor)
    }

    /// A weight as a tensor, every value of it finite.
    mutating func weight(_ constant: Constant, _ role: String) throws(ONNXError) -> Tensor {
        if let value = constant.firstNotFinite {
            throw label.invalid("\(role) hold \(value)", expected: "finite numbers")
        }
        guard !constant.dimensions.contains(0) else {
            throw label.invalid("\(role) of shape \(constant.dimensions)", expected: "at least one value")
        }
        weights += constant.count
        return Tensor(shape: Shape(constant.dimensions), values: constant.floats)
    }

    /// A weight with one value a channel.
    mutating func vector(_ index: Int, _ role: String, count: Int) throws(ONNXError) -> Tensor {
        let constant = try constant(index)
        guard constant.dimensions == [count] else {
            throw label.invalid("\(role) of shape \(constant.dimensions)", expected: "[\(count)]")
        }
        return try weight(constant, role)
    }

    // MARK: - Results

    /// Makes the node an operation of the network; its value has these sizes for one image.
    mutating func emit(
        _ operation: Operation, of inputs: [MapsValue], sizes: [Int], axes: [Int]? = nil
    ) -> MapsValue {
        emitted = GraphNode(name: nodeName, operation: operation, inputs: inputs.map(\.name), output: output)
        return MapsValue(name: output, sizes: sizes, axes: axes, batch: inputs.first.flatMap(\.batch))
    }

    /// Makes the node an operation value by value: shape and order are those of the first input.
    mutating func emitElementwise(_ operation: Operation, of inputs: [MapsValue]) -> MapsValue {
        let first = inputs[0]
        var result = emit(operation, of: inputs, sizes: first.sizes, axes: first.axes)
        result.order = first.order
        return result
    }

    /// Makes the node a second name of its input.
    mutating func emitIdentity(_ input: MapsValue) -> MapsValue {
        emitted = GraphNode(name: nodeName, operation: .identity, inputs: [input.name], output: output)
        var result = input
        result.name = output
        return result
    }

    /// Adds to the node's cost, refusing what no network needs.
    mutating func count(multiplyAdds factors: [Int]) throws(ONNXError) {
        var product = 1
        for factor in factors {
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            guard !overflow, next <= limits.maximumMultiplyAdds else {
                throw .limitExceeded(
                    what: "multiply-adds of node '\(label.name)'", found: overflow ? .max : next,
                    allowed: limits.maximumMultiplyAdds)
            }
            product = next
        }
        multiplyAdds += product
    }
}
