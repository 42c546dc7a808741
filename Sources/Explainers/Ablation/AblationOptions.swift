import Networks

/// Which feature maps are removed, each removal by itself.
public enum RemovalSelection: Hashable, Sendable {
    /// Every feature map of the layer by itself.
    case each
    /// The one with the largest activation; the lower index on a tie.
    case strongest
    /// The so many with the largest activations, each by itself.
    case top(Int)
    /// These groups, the maps of a group together: `[[7], [3, 5]]` for `7,3+5`.
    case groups([[Int]])
}

/// What is removed and what is watched.
public struct AblationOptions: Hashable, Sendable {
    /// The layer, by any of its names; nil means the model's default layer.
    public var layer: String?
    /// What is removed.
    public var removals: RemovalSelection
    /// The class watched.
    public var target: Target

    /// Options, with the defaults of the project.
    public init(layer: String? = nil, removals: RemovalSelection = .each, target: Target = .strongest) {
        self.layer = layer
        self.removals = removals
        self.target = target
    }
}

extension RemovalSelection {
    /// The same selection where every removal is one feature map; nil for groups.
    var featureMaps: FeatureMapSelection? {
        switch self {
        case .each: .all
        case .strongest: .strongest
        case .top(let count): .top(count)
        case .groups: nil
        }
    }

    /// Throws where the selection does not fit the layer.
    func validate(in layer: Layer) throws(ExplainersError) {
        try featureMaps?.validate(in: layer)
        guard case .groups(let groups) = self else { return }
        if groups.isEmpty { throw .noFeatureMaps }
        for group in groups { try FeatureMapSelection.validate(group, in: layer) }
    }

    /// The most feature maps that are removed together, but for the whole layer.
    var mostTogether: Int {
        guard case .groups(let groups) = self else { return 1 }
        return groups.map(\.count).max() ?? 1
    }

    /// The number of removals in that layer.
    func count(in layer: Layer) -> Int {
        guard case .groups(let groups) = self else { return featureMaps?.count(in: layer) ?? 0 }
        return groups.count
    }
}
