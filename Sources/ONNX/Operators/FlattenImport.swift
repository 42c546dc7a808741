import Networks

/// Flatten to one row of features an image.
struct FlattenImport: OperatorImport {
    let operations = ["Flatten"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        let stated = try node.attributes.integer("axis", default: 1)
        let axis = stated < 0 ? stated + maps.axes.count : stated
        guard axis >= 0, axis <= maps.axes.count else {
            throw node.label.invalid("axis \(stated)", expected: "an axis of \(maps.fileShape)")
        }
        let before = maps.axes[..<axis]
        guard before.allSatisfy({ $0 == 0 || maps.sizes[$0 - 1] == 1 }),
            before.contains(0) || maps.batch ?? 1 == 1
        else {
            throw node.label.unsupported(
                "axis \(stated) of \(maps.fileShape)", supported: "all features of an image in one row")
        }
        return .maps(node.emitFlattened(maps, axes: [0, 1]))
    }
}

extension NodeImport {
    /// Makes the node the flattening of its input into features; an order of axes other than the network's is noted.
    mutating func emitFlattened(_ maps: MapsValue, axes: [Int]) -> MapsValue {
        if maps.sizes.count == 1 {
            var result = emitIdentity(maps)
            result.axes = axes
            return result
        }
        let order = maps.axes.filter { $0 > 0 && maps.sizes[$0 - 1] > 1 }
        var result = emit(.flatten, of: [maps], sizes: [maps.count], axes: axes)
        result.isNonnegative = maps.isNonnegative
        if order != order.sorted() {
            result.order = FeatureOrder(sizes: maps.sizes, axes: order + [1, 2, 3].filter { !order.contains($0) })
        }
        return result
    }
}
