/// Reshape of activations into one row of features an image, and of constants.
struct ReshapeImport: OperatorImport {
    let operations = ["Reshape"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        guard let stated = try node.optionalIntegers(1) else {
            throw node.label.invalid("no shape", expected: "a list of dimensions as input 1")
        }
        let keepsZeros = try node.attributes.flag("allowzero", default: false)
        if node.isConstant {
            let constant = try node.constant(0)
            return .constant(
                constant.reshaped(
                    to: try resolved(stated, from: constant.dimensions, keepsZeros: keepsZeros, node)))
        }
        let maps = try node.maps(0)
        let shape = try resolved(stated, from: maps.fileShape, keepsZeros: keepsZeros, node)
        if shape == maps.fileShape { return .maps(node.emitIdentity(maps)) }
        if shape == [maps.batch ?? 1, maps.count] { return .maps(node.emitFlattened(maps, axes: [0, 1])) }
        if shape == [maps.count], maps.batch ?? 1 == 1 { return .maps(node.emitFlattened(maps, axes: [1])) }
        if maps.sizes.count == 3, shape == [maps.batch ?? 1] + maps.sizes, maps.sizes[0] == maps.count {
            var result = node.emitIdentity(maps)
            result.axes = [0, 1, 2, 3]
            return .maps(result)
        }
        throw node.label.unsupported(
            "\(maps.fileShape) as \(shape)", supported: "all features of an image in one row")
    }

    /// The shape with 0 (the input's size there) and −1 (the rest) worked out.
    private func resolved(
        _ stated: [Int], from shape: [Int], keepsZeros: Bool, _ node: NodeImport
    ) throws(ONNXError) -> [Int] {
        let wrong = node.label.invalid("\(shape) as \(stated.prefix(9))", expected: "a shape of as many elements")
        guard stated.count <= 8, stated.filter({ $0 == -1 }).count <= 1 else { throw wrong }
        var result: [Int] = []
        for (index, size) in stated.enumerated() {
            guard size != 0 || keepsZeros || shape.indices.contains(index), size >= -1 else { throw wrong }
            result.append(size == 0 && !keepsZeros ? shape[index] : size)
        }
        let total = shape.reduce(1, *)
        var known = 1
        for size in result where size != -1 {
            let (next, overflow) = known.multipliedReportingOverflow(by: size)
            guard !overflow else { throw wrong }
            known = next
        }
        if let open = result.firstIndex(of: -1) {
            guard known > 0, total % known == 0 else { throw wrong }
            result[open] = total / known
            known = total
        }
        guard known == total else { throw wrong }
        return result
    }
}
