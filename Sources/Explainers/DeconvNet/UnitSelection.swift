import Networks

/// A position in a feature map.
public struct UnitPosition: Hashable, Sendable {
    /// The row, from the top.
    public let y: Int
    /// The column, from the left.
    public let x: Int

    /// The unit in row `y` and column `x`.
    public init(y: Int, x: Int) {
        self.y = y
        self.x = x
    }
}

/// Which units of a feature map are projected.
public enum UnitSelection: Hashable, Sendable {
    /// The one with the largest activation; the first in row-major order on a tie.
    case strongest
    /// The one at a position.
    case position(UnitPosition)
    /// All of the map together.
    case map
}

extension UnitSelection {
    /// Throws where the selection does not fit the layer.
    func validate(in layer: Layer) throws(ExplainersError) {
        guard case .position(let unit) = self else { return }
        guard layer.hasPositions else { throw .unitOfDenseLayer(unit, layer: layer.name) }
        guard (0..<layer.height).contains(unit.y), (0..<layer.width).contains(unit.x) else {
            throw .unit(unit, layer: layer.name, height: layer.height, width: layer.width)
        }
    }
}
