/// Checks a graph's names and puts the nodes that the output needs in order.
enum GraphOrdering {
    /// The drafts of all nodes that `output` depends on, each after what it reads, else in the file's order.
    ///
    /// Throws an error that names the node for a value made twice, read but never made, needed by itself, or read by
    /// an operation that takes another number of values.
    static func draft(of graph: NetworkGraph, output: String?) throws(NetworksError) -> GraphDraft {
        guard !graph.nodes.isEmpty else { throw .emptyGraph }
        let producers = try producers(of: graph)
        for node in graph.nodes { try check(node, producers: producers, input: graph.input.name) }
        let wanted = output ?? graph.outputs.first ?? ""
        guard let last = producers[wanted] else {
            throw .unknownOutput(value: wanted, available: graph.outputs)
        }
        let order = try sorted(graph, producers: producers)
        let needed = ancestors(of: last, in: graph, producers: producers)
        let layers = order.filter { needed[$0] }.map { LayerDraft(graph.nodes[$0]) }
        return GraphDraft(input: graph.input, layers: layers, output: wanted)
    }

    private static func producers(of graph: NetworkGraph) throws(NetworksError) -> [String: Int] {
        var producers: [String: Int] = [:]
        for (position, node) in graph.nodes.enumerated() {
            guard node.output != graph.input.name, producers[node.output] == nil else {
                throw .duplicateValue(value: node.output, node: node.title)
            }
            producers[node.output] = position
        }
        return producers
    }

    private static func check(_ node: GraphNode, producers: [String: Int], input: String) throws(NetworksError) {
        let counts = node.operation.inputCounts
        guard counts.contains(node.inputs.count) else {
            let expected = counts.upperBound == Int.max ? "at least \(counts.lowerBound)" : "\(counts.lowerBound)"
            throw .inputCount(
                node: node.title, operation: node.operation.title, expected: expected, actual: node.inputs.count)
        }
        for name in node.inputs where name != input && producers[name] == nil {
            throw .unknownValue(value: name, node: node.title)
        }
    }

    /// Positions of the nodes in an order that can be computed: depth first from each node in the file's order, which
    /// leaves a file that is in order as it is.
    private static func sorted(_ graph: NetworkGraph, producers: [String: Int]) throws(NetworksError) -> [Int] {
        enum State { case untouched, open, done }
        var state = [State](repeating: .untouched, count: graph.nodes.count)
        var order: [Int] = []
        for start in graph.nodes.indices where state[start] == .untouched {
            var stack = [(node: start, next: 0)]
            state[start] = .open
            while let top = stack.last {
                let inputs = graph.nodes[top.node].inputs
                guard top.next < inputs.count else {
                    state[top.node] = .done
                    order.append(top.node)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                guard let producer = producers[inputs[top.next]], state[producer] != .done else { continue }
                if state[producer] == .open {
                    let loop = stack.drop { $0.node != producer }.map { graph.nodes[$0.node].title }
                    throw .cycle(nodes: Array(loop))
                }
                state[producer] = .open
                stack.append((producer, 0))
            }
        }
        return order
    }

    private static func ancestors(of last: Int, in graph: NetworkGraph, producers: [String: Int]) -> [Bool] {
        var needed = [Bool](repeating: false, count: graph.nodes.count)
        var open = [last]
        needed[last] = true
        while let position = open.popLast() {
            for producer in graph.nodes[position].inputs.compactMap({ producers[$0] }) where !needed[producer] {
                needed[producer] = true
                open.append(producer)
            }
        }
        return needed
    }
}
