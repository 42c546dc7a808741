import Networks
import ONNXSchema

/// The import of one graph: walks its nodes in order and keeps what each value name stands for.
struct GraphImport {
    private let file: ModelFile
    private let options: ONNXImportOptions
    private let reader: TensorReader
    private var values: [String: GraphValue] = [:]
    private var nodes: [GraphNode] = []
    private var activations = 0
    private var multiplyAdds = 0
    private var weights = 0

    init(_ file: ModelFile, options: ONNXImportOptions) {
        self.file = file
        self.options = options
        reader = TensorReader(
            limits: options.limits, external: ExternalData(folder: options.externalDataFolder))
    }

    /// The graph of the wanted output.
    mutating func graph() throws(ONNXError) -> NetworkGraph {
        let output = try wantedOutput()
        for tensor in file.graph.initializer {
            guard values.updateValue(.stored(tensor), forKey: tensor.name) == nil else {
                throw .duplicateValue(value: tensor.name)
            }
        }
        let input = try InputImage(file.graph, initializers: values, options: options)
        values[input.graphInput.name] = .maps(input.value)
        let order = try GraphOrder(file.graph, output: output, given: Set(values.keys))
        for node in order.nodes { try add(node, of: order) }
        try check(output)
        return NetworkGraph(input: input.graphInput, nodes: nodes, outputs: [output])
    }

    /// The paths of the files beside the model that its weights are in, sorted.
    func externalFiles() throws(ONNXError) -> [String] {
        var paths: Set<String> = []
        for tensor in file.graph.initializer where tensor.dataLocation == .external {
            paths.insert(try reader.external.path(of: tensor))
        }
        return paths.sorted()
    }

    private func wantedOutput() throws(ONNXError) -> String {
        let names = file.graph.output.map(\.name)
        guard let first = names.first else {
            throw .malformed(reason: "the graph has no output")
        }
        guard let wanted = options.output else { return first }
        guard names.contains(wanted) else {
            throw .unknownOutput(output: wanted, available: names)
        }
        return wanted
    }

    private mutating func add(_ node: Onnx_NodeProto, of order: GraphOrder) throws(ONNXError) {
        guard ModelFile.isStandard(node.domain), let operators = OperatorTable.operators[node.opType] else {
            let operation = ModelFile.isStandard(node.domain) ? node.opType : "\(node.domain).\(node.opType)"
            throw .unsupportedOperator(
                node: node.label.name, operation: operation, supported: OperatorTable.operators.keys.sorted())
        }
        for extra in node.output.dropFirst() where order.reads(extra) {
            throw node.label.unsupported("its further output '\(extra)'", supported: "the first output alone")
        }
        var context = try NodeImport(
            node, inputs: node.input.map { $0.isEmpty ? nil : values[$0] }, operatorSet: file.operatorSet,
            reader: reader)
        let value = try operators.value(of: &context)
        try context.attributes.finish()
        try count(value, context)
        if let emitted = context.emitted { nodes.append(emitted) }
        values[context.output] = value
    }

    /// Keeps the graph within its limits as a whole.
    private mutating func count(_ value: GraphValue, _ context: NodeImport) throws(ONNXError) {
        weights += context.weights
        switch value {
        case .maps(let maps): activations += maps.count
        case .constant(let constant): weights += constant.count
        case .stored: break
        }
        multiplyAdds += context.multiplyAdds
        let limits = options.limits
        for (what, found, allowed) in [
            ("values of the activations", activations, limits.maximumActivations),
            ("values of the weights", weights, limits.maximumWeights),
            ("multiply-adds", multiplyAdds, limits.maximumMultiplyAdds),
        ] where found > allowed {
            throw .limitExceeded(
                what: "\(what) up to node '\(context.label.name)'", found: found, allowed: allowed)
        }
    }

    /// The output must be the classes of an image, in the network's order.
    private func check(_ output: String) throws(ONNXError) {
        guard case .maps(let maps) = values[output] else {
            throw .invalidInput(found: "output '\(output)' does not depend on the input", expected: "a classifier")
        }
        guard maps.order == nil, maps.padding == nil, maps.sizes[0] == maps.count else {
            throw .invalidInput(
                found: "output '\(output)' of shape \(maps.fileShape)", expected: "a classifier: one value a class")
        }
    }
}
