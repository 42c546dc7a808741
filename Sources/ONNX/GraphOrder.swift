import ONNXSchema

/// The nodes that the wanted output needs, each behind those it reads.
///
/// ONNX asks for this order in the file; some writers do not keep to it. Nodes that the output does not need are left
/// out, whatever they are.
struct GraphOrder {
    let nodes: [Onnx_NodeProto]
    private let read: Set<String>

    /// `given` are the names of the graph's input and of its initializers.
    init(_ graph: Onnx_GraphProto, output: String, given: Set<String>) throws(ONNXError) {
        let producers = try Self.producers(of: graph, given: given)
        let needed = try Self.needed(for: output, graph, producers, given)
        let order = Self.sorted(needed, graph, producers)
        guard order.count == needed.count else {
            let placed = Set(order)
            throw .cycle(nodes: needed.filter { !placed.contains($0) }.map { graph.node[$0].label.name })
        }
        nodes = order.map { graph.node[$0] }
        read = Set(nodes.flatMap(\.input)).union([output])
    }

    /// Whether a value is read by one of the nodes, or is the output itself.
    func reads(_ value: String) -> Bool {
        !value.isEmpty && read.contains(value)
    }

    /// The index of the node that gives each value.
    private static func producers(
        of graph: Onnx_GraphProto, given: Set<String>
    ) throws(ONNXError) -> [String: Int] {
        var producers: [String: Int] = [:]
        for (index, node) in graph.node.enumerated() {
            for output in node.output where !output.isEmpty {
                guard !given.contains(output), producers.updateValue(index, forKey: output) == nil else {
                    throw .duplicateValue(value: output)
                }
            }
        }
        return producers
    }

    /// The indices, in the file's order, of the nodes that the output depends on.
    private static func needed(
        for output: String, _ graph: Onnx_GraphProto, _ producers: [String: Int], _ given: Set<String>
    ) throws(ONNXError) -> [Int] {
        guard let last = producers[output] else {
            throw .undefinedValue(value: output, node: "graph output")
        }
        var found: Set<Int> = [last]
        var waiting = [last]
        while let index = waiting.popLast() {
            for input in graph.node[index].input where !input.isEmpty && !given.contains(input) {
                guard let producer = producers[input] else {
                    throw .undefinedValue(value: input, node: graph.node[index].label.name)
                }
                if found.insert(producer).inserted { waiting.append(producer) }
            }
        }
        return found.sorted()
    }

    /// The nodes in the file's order where that is a right one, else by dependency; those of a cycle are missing.
    private static func sorted(_ needed: [Int], _ graph: Onnx_GraphProto, _ producers: [String: Int]) -> [Int] {
        var waitsFor: [Int: Int] = [:]
        var readers: [Int: [Int]] = [:]
        var isSorted = true
        for index in needed {
            let sources = Set(graph.node[index].input.compactMap { producers[$0] })
            waitsFor[index] = sources.count
            for source in sources { readers[source, default: []].append(index) }
            isSorted = isSorted && sources.allSatisfy { $0 < index }
        }
        if isSorted { return needed }
        var order = needed.filter { waitsFor[$0] == 0 }
        var next = 0
        while next < order.count {
            for reader in readers[order[next]] ?? [] {
                waitsFor[reader, default: 0] -= 1
                if waitsFor[reader] == 0 { order.append(reader) }
            }
            next += 1
        }
        return order
    }
}

extension Onnx_NodeProto {
    /// What the node is called in errors.
    var label: NodeLabel {
        NodeLabel(name: name.isEmpty ? output.first { !$0.isEmpty } ?? "" : name, operation: opType)
    }
}
