/// Transpose: of an activation only the file's view of it changes, of a constant its elements move.
struct TransposeImport: OperatorImport {
    let operations = ["Transpose"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let stated = try node.attributes.integers("perm")
        if node.isConstant {
            let constant = try node.constant(0)
            let permutation = try permutation(stated, rank: constant.dimensions.count, node)
            return .constant(constant.transposed(permutation))
        }
        let maps = try node.maps(0)
        let permutation = try permutation(stated, rank: maps.axes.count, node)
        var result = node.emitIdentity(maps)
        result.axes = permutation.map { maps.axes[$0] }
        return .maps(result)
    }

    /// The order of the axes, reversed where the file does not give it.
    private func permutation(_ stated: [Int]?, rank: Int, _ node: NodeImport) throws(ONNXError) -> [Int] {
        guard let stated else { return Array((0..<rank).reversed()) }
        guard stated.sorted() == Array(0..<rank) else {
            throw node.label.invalid("perm \(stated.prefix(9))", expected: "the axes 0 to \(rank - 1), each once")
        }
        return stated
    }
}
