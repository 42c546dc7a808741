/// Unsqueeze of constants, and of an activation whose batch axis was squeezed away.
///
/// The axes are an attribute before opset 13, then an input.
struct UnsqueezeImport: OperatorImport {
    let operations = ["Unsqueeze"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let stated =
            node.operatorSet < 13 ? try node.attributes.integers("axes") : try node.optionalIntegers(1)
        guard let stated, !stated.isEmpty else {
            throw node.label.invalid("no axes", expected: "at least one")
        }
        guard node.isConstant else {
            var maps = node.emitIdentity(try node.maps(0))
            guard stated == [0], !maps.axes.contains(0) else {
                throw node.label.unsupported(
                    "axes \(stated) of \(maps.fileShape)", supported: "a batch axis that was squeezed away")
            }
            maps.axes.insert(0, at: 0)
            return .maps(maps)
        }
        let constant = try node.constant(0)
        let rank = constant.dimensions.count + stated.count
        guard rank <= 8, stated.allSatisfy({ $0 >= -rank && $0 < rank }) else {
            throw node.label.invalid("axes \(stated.prefix(9))", expected: "axes of a tensor of at most 8")
        }
        let axes = Set(stated.map { $0 < 0 ? $0 + rank : $0 })
        guard axes.count == stated.count else {
            throw node.label.invalid("axes \(stated)", expected: "each axis once")
        }
        var sizes = constant.dimensions[...]
        let dimensions = (0..<rank).map { axes.contains($0) ? 1 : sizes.popFirst() ?? 1 }
        return .constant(constant.reshaped(to: dimensions))
    }
}
