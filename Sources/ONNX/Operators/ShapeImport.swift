/// Shape, of activations (an open batch counts as 1) and of constants.
struct ShapeImport: OperatorImport {
    let operations = ["Shape"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let shape = node.isConstant ? try node.constant(0).dimensions : try node.maps(0).fileShape
        let start = try node.attributes.integer("start", default: 0)
        let end = try node.attributes.integer("end", default: shape.count)
        func bounded(_ index: Int) -> Int {
            index < 0 ? max(0, max(index, -shape.count) + shape.count) : min(index, shape.count)
        }
        let (from, to) = (bounded(start), bounded(end))
        return .constant(Constant(integers: from < to ? shape[from..<to].map { Int64($0) } : []))
    }
}
