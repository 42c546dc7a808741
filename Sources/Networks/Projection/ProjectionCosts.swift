internal import Kernels
internal import Tensors

/// What it costs to project a unit of a layer: one in the middle, which sees most.
public struct ProjectionCosts: Hashable, Sendable {
    /// Multiplications with an addition that its signal takes, zeros included; `Int.max` if there are more.
    public let multiplyAdds: Int
    /// Those that are likely left without zeros: half of what is rectified, and what no window chose.
    public let likelyMultiplyAdds: Int
    /// The most bytes that its signal takes before and behind a layer.
    public let bytes: Int
}

extension Network {
    /// The costs of projecting a unit of this layer.
    public func costs(ofProjecting layer: Layer) -> ProjectionCosts {
        var reach = UnitReach(self, from: layer)
        for index in stride(from: layer.index, through: 0, by: -1) { reach.cross(layers[index]) }
        return ProjectionCosts(
            multiplyAdds: reach.multiplyAdds, likelyMultiplyAdds: reach.likely, bytes: reach.bytes)
    }
}

/// How far a unit's signal reaches, on its way down.
private struct UnitReach {
    /// A signal at a layer: where it is, and how much of it is not zero.
    private struct Extent {
        var rectangle: MapRectangle
        var share: Double
    }

    private let network: Network
    private var extents: [Extent?]
    private(set) var multiplyAdds = 0
    private(set) var likely = 0
    private(set) var bytes = 0

    init(_ network: Network, from layer: Layer) {
        self.network = network
        extents = Array(repeating: nil, count: network.layers.count)
        let (row, column) = (layer.height / 2, layer.width / 2)
        extents[layer.index] = Extent(
            rectangle: MapRectangle(rows: row..<row + 1, columns: column..<column + 1),
            share: 1 / Double(layer.featureMaps))
    }

    mutating func cross(_ layer: Layer) {
        guard var extent = extents[layer.index] else { return }
        extents[layer.index] = nil
        if layer.activation != .identity { extent.share /= 2 }
        let positions = extent.rectangle.count
        let (product, overflow) = (layer.multiplyAdds / (layer.height * layer.width))
            .multipliedReportingOverflow(by: positions)
        let steps = overflow ? Int.max : product
        multiplyAdds = multiplyAdds.saturatingAdd(steps)
        likely = likely.saturatingAdd(Int(min(Double(steps) * extent.share, 1e18)))
        var held = layer.featureMaps.saturatingProduct(positions)
        for source in layer.inputs {
            let (channels, height, width) = network.size(of: source)
            let reached = layer.operation.inputs(reachedFrom: extent.rectangle, height: height, width: width)
            held = held.saturatingAdd(channels.saturatingProduct(reached.count))
            guard case .layer(let index) = source else { continue }
            let isPooling = layer.kind == .maxPooling
            let share = isPooling ? min(1, extent.share * Double(positions) / Double(max(1, reached.count))) : 1
            let made = Extent(rectangle: reached, share: layer.multiplyAdds == 0 && !isPooling ? extent.share : share)
            if let other = extents[index] {
                extents[index] = Extent(
                    rectangle: other.rectangle.union(made.rectangle), share: max(other.share, made.share))
            } else {
                extents[index] = made
            }
        }
        bytes = max(bytes, held.saturatingProduct(MemoryLayout<Float>.size))
    }
}

extension LayerOperation {
    /// The rectangle of an input of that size that a signal at a rectangle of outputs reaches.
    func inputs(reachedFrom rectangle: MapRectangle, height: Int, width: Int) -> MapRectangle {
        switch reach {
        case .position: rectangle
        case .window(let geometry): geometry.inputs(of: rectangle, height: height, width: width)
        case .everything: MapRectangle(rows: 0..<height, columns: 0..<width)
        }
    }
}

extension Network {
    /// Channels, rows and columns of what a layer reads.
    func size(of source: LayerInput) -> (channels: Int, height: Int, width: Int) {
        switch source {
        case .input: (inputShape[0], inputShape[1], inputShape[2])
        case .layer(let index): (layers[index].featureMaps, layers[index].height, layers[index].width)
        }
    }
}
