/// Squeeze, of `[N, C, 1, 1]` to features and of constants.
///
/// The axes are an attribute before opset 13, then an input.
struct SqueezeImport: OperatorImport {
    let operations = ["Squeeze"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let stated =
            node.operatorSet < 13 ? try node.attributes.integers("axes") : try node.optionalIntegers(1)
        let isConstant = node.has(0) && node.isConstant
        let shape = isConstant ? try node.constant(0).dimensions : try node.maps(0).fileShape
        let dropped = try stated.map { (axes) throws(ONNXError) in try normalized(axes, of: shape, node) }
        if isConstant {
            let drops = dropped ?? Set(shape.indices.filter { shape[$0] == 1 })
            let kept = shape.indices.filter { !drops.contains($0) }.map { shape[$0] }
            return .constant(try node.constant(0).reshaped(to: kept))
        }
        let maps = try node.maps(0)
        // Without axes a batch that the file leaves open stays: only at run time could it be 1.
        let drops =
            dropped ?? Set(shape.indices.filter { shape[$0] == 1 && !(maps.axes[$0] == 0 && maps.batch == nil) })
        let axes = maps.axes.indices.filter { !drops.contains($0) }.map { maps.axes[$0] }
        if maps.sizes.count == 3, !axes.contains(2), !axes.contains(3), axes.contains(1) {
            return .maps(node.emitFlattened(maps, axes: axes))
        }
        var result = node.emitIdentity(maps)
        result.axes = axes
        return .maps(result)
    }

    private func normalized(_ axes: [Int], of shape: [Int], _ node: NodeImport) throws(ONNXError) -> Set<Int> {
        var result: Set<Int> = []
        for axis in axes {
            let index = axis < 0 && axis >= -shape.count ? axis + shape.count : axis
            guard shape.indices.contains(index), shape[index] == 1 else {
                throw node.label.invalid("axis \(axis) of \(shape)", expected: "an axis of size 1")
            }
            result.insert(index)
        }
        return result
    }
}
