import Networks

/// Concat along channels; between constants along any axis.
struct ConcatImport: OperatorImport {
    let operations = ["Concat"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        guard !node.inputs.isEmpty else {
            throw node.label.invalid("no input", expected: "at least one")
        }
        let axis = try node.attributes.integer("axis", default: 1)
        if node.isConstant { return .constant(try folded(node, axis: axis)) }
        var parts: [MapsValue] = []
        for index in node.inputs.indices { parts.append(try node.maps(index)) }
        let first = parts[0]
        for part in parts {
            guard part.axes == first.axes, part.sizes.dropFirst() == first.sizes.dropFirst(), part.order == nil,
                part.axis(axis) == 1
            else {
                throw node.label.unsupported(
                    "joining \(first.fileShape) and \(part.fileShape) along axis \(axis)",
                    supported: "joining channels of equal height and width")
            }
        }
        let channels = parts.map { $0.sizes[0] }.reduce(0, +)
        guard channels <= node.limits.maximumActivations else {
            throw .limitExceeded(
                what: "channels of node '\(node.label.name)'", found: channels,
                allowed: node.limits.maximumActivations)
        }
        var result = node.emit(.concat, of: parts, sizes: [channels] + first.sizes.dropFirst(), axes: first.axes)
        result.isNonnegative = parts.allSatisfy(\.isNonnegative)
        return .maps(result)
    }

    /// Constants joined along their first axis, which is all that shape arithmetic needs.
    private func folded(_ node: NodeImport, axis: Int) throws(ONNXError) -> Constant {
        var values: [Int64] = []
        for index in node.inputs.indices {
            let constant = try node.constant(index)
            guard let integers = constant.integers, constant.dimensions.count == 1, axis == 0 || axis == -1,
                values.count + integers.count <= 1 << 16
            else {
                throw node.label.unsupported(
                    "joining constants of shape \(constant.dimensions)", supported: "short lists of integers")
            }
            values += integers
        }
        return Constant(integers: values)
    }
}
