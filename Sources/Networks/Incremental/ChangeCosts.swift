internal import Kernels
internal import Tensors

/// What it costs to follow changes of the input through a network.
public struct ChangeCosts: Hashable, Sendable {
    /// Multiplications with an addition of all changes together; `Int.max` if there are more.
    public let multiplyAdds: Int
    /// The same as time, counting a layer in tiles as one that takes as long without.
    public let work: Int
    /// That of it which one change takes in layers that are computed whole.
    public let wholeWork: Int
    /// Whether changes that are followed together are followed by layers, which turns are cut between.
    public let isCutByLayers: Bool
    /// The most bytes that one change's crops take at once.
    public let cropBytes: Int
    /// The bytes of what one change hands to the layers that are computed whole, and of their activations.
    public let wholeBytes: Int
}

extension Network {
    /// The costs of changing each combination of these rows and these columns of the input.
    ///
    /// They follow from the geometry: what the numbers turn out to be can only make them less.
    public func costs(ofChanging rows: [Range<Int>], _ columns: [Range<Int>]) -> ChangeCosts {
        let plan = IncrementalPlan(self)
        let (height, width) = (inputShape[1], inputShape[2])
        // Rows and columns do not depend on each other.
        let byRow = ChangePlan(self, plan, input: rows.map { MapRectangle(rows: $0, columns: 0..<width) })
        let byColumn = ChangePlan(self, plan, input: columns.map { MapRectangle(rows: 0..<height, columns: $0) })
        var (multiplyAdds, work) = (0, 0)
        for layer in layers {
            var positions = rows.count(where: { !$0.isEmpty }) * columns.count(where: { !$0.isEmpty })
            var share = 1
            if plan.roles[layer.index] == .cropped {
                positions =
                    byRow.layers[layer.index].reduce(0) { $0 + $1.rows.count }
                    * byColumn.layers[layer.index].reduce(0) { $0 + $1.columns.count }
                share = layer.height * layer.width
            }
            multiplyAdds = multiplyAdds.saturatingAdd(positions.saturatingProduct(layer.multiplyAdds / share))
            work = work.saturatingAdd(positions.saturatingProduct(layer.work / share))
        }
        let handedOver = plan.handedOver + plan.tail
        return ChangeCosts(
            multiplyAdds: multiplyAdds, work: work,
            wholeWork: plan.tail.reduce(0) { $0.saturatingAdd(layers[$1].work) },
            isCutByLayers: plan.sharesFilters,
            cropBytes: byRow.cropBytes(self, plan, widthsOf: byColumn),
            wholeBytes: handedOver.reduce(0) { $0.saturatingAdd(layers[$1].blockedBytes) })
    }
}
