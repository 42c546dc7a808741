package import Kernels
package import Networks

/// Which feature maps of a layer are meant.
public enum FeatureMapSelection: Hashable, Sendable {
    /// The one with the largest activation; the lower index on a tie.
    case strongest
    /// The so many with the largest activations, strongest first; the lower index first on a tie.
    case top(Int)
    /// Every one, in the order of their indices.
    case all
    /// These, in the order given.
    case maps([Int])
}

extension FeatureMapSelection {
    /// Throws where the selection does not fit the layer.
    package func validate(in layer: Layer) throws(ExplainersError) {
        switch self {
        case .strongest, .all: break
        case .top(let count):
            guard (1...layer.featureMaps).contains(count) else {
                throw .top(count, allowed: layer.featureMaps, of: "feature maps of '\(layer.name)'")
            }
        case .maps(let maps): try Self.validate(maps, in: layer)
        }
    }

    /// Throws where a list is empty, names a map twice or one that the layer does not have.
    static func validate(_ maps: [Int], in layer: Layer) throws(ExplainersError) {
        if maps.isEmpty { throw .noFeatureMaps }
        var seen: Set<Int> = []
        for map in maps {
            guard (0..<layer.featureMaps).contains(map) else {
                throw .featureMap(map, layer: layer.name, count: layer.featureMaps)
            }
            guard seen.insert(map).inserted else { throw .repeatedFeatureMap(map) }
        }
    }

    /// The number of feature maps it means in that layer.
    package func count(in layer: Layer) -> Int {
        switch self {
        case .strongest: 1
        case .top(let count): count
        case .all: layer.featureMaps
        case .maps(let maps): maps.count
        }
    }

    /// The feature maps it means, given the layer's activation (of one image).
    package func resolved(in activation: BlockedMaps) -> [Int] {
        switch self {
        case .strongest: [activation.strongestChannel(image: 0)]
        case .top(let count): Array(Self.byStrength(activation).prefix(count))
        case .all: Array(0..<activation.channels)
        case .maps(let maps): maps
        }
    }

    private static func byStrength(_ activation: BlockedMaps) -> [Int] {
        (0..<activation.channels).map { activation.maximum(image: 0, channel: $0).value }.indicesDescending()
    }
}

extension Collection<Float> where Index == Int {
    /// The indices in the order of falling values; the lower index first on a tie.
    ///
    /// No value may be NaN.
    func indicesDescending() -> [Int] {
        indices.sorted { self[$0] == self[$1] ? $0 < $1 : self[$0] > self[$1] }
    }

    /// The index of the largest value, the lowest on a tie; 0 where all are NaN.
    func indexOfMaximum() -> Int {
        var best = startIndex
        for index in indices where self[index] > self[best] { best = index }
        return best - startIndex
    }
}
