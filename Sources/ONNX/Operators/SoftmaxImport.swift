import Networks

/// Softmax and LogSoftmax over the classes: the end of the network, which is cut off (probabilities are made from logits
/// in one place).
struct SoftmaxImport: OperatorImport {
    let operations = ["LogSoftmax", "Softmax"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let shape = maps.fileShape
        let isRowwise = node.operatorSet < 13
        let stated = try node.attributes.integer("axis", default: isRowwise ? 1 : -1)
        let axis = stated < 0 ? stated + shape.count : stated
        guard shape.indices.contains(axis) else {
            throw node.label.invalid("axis \(stated)", expected: "an axis of \(shape)")
        }
        // Before opset 13 everything from the axis on is one row.
        let summed = isRowwise ? Array(maps.axes[axis...]) : [maps.axes[axis]]
        let others = maps.axes.filter { !summed.contains($0) && $0 != 0 }
        guard summed.contains(1), !summed.contains(0) || maps.batch == 1, maps.sizes[0] == maps.count,
            others.allSatisfy({ maps.sizes[$0 - 1] == 1 })
        else {
            throw node.label.unsupported("axis \(stated) of \(shape)", supported: "the classes of an image")
        }
        return .maps(node.emitElementwise(.softmax, of: [maps]))
    }
}
