import Networks

/// ReduceMean over rows and columns: a global average pooling.
///
/// The axes are an attribute before opset 18, then an input.
struct ReduceMeanImport: OperatorImport {
    let operations = ["ReduceMean"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let keeps = try node.attributes.flag("keepdims", default: true)
        let axes = try axes(&node)
        let reduced = Set(axes.compactMap { maps.axis($0) })
        guard maps.sizes.count == 3, reduced == [2, 3], axes.count == 2 else {
            throw node.label.unsupported(
                "the mean of \(maps.fileShape) over the axes \(axes)", supported: "the mean over rows and columns")
        }
        try node.count(multiplyAdds: maps.sizes)
        if keeps {
            return .maps(
                node.emit(
                    .globalAveragePooling(keepsDimensions: true), of: [maps], sizes: [maps.sizes[0], 1, 1],
                    axes: maps.axes))
        }
        return .maps(
            node.emit(
                .globalAveragePooling(keepsDimensions: false), of: [maps], sizes: [maps.sizes[0]],
                axes: maps.axes.filter { $0 < 2 }))
    }

    private func axes(_ node: inout NodeImport) throws(ONNXError) -> [Int] {
        if node.operatorSet < 18 {
            return try node.attributes.integers("axes") ?? []
        }
        // Without axes it is the mean of everything, or, with this flag, nothing at all: neither is supported.
        _ = try node.attributes.flag("noop_with_empty_axes", default: false)
        return try node.optionalIntegers(1) ?? []
    }
}
