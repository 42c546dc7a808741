internal import Explainers

/// The options whose values name feature maps, units and classes.
extension OptionReader {
    /// Which feature maps: `strongest`, `all`, `top:9`, `7` or `7,9`.
    func featureMaps(default fallback: FeatureMapSelection) throws(SwitchbackError) -> FeatureMapSelection {
        guard let text = text("feature_map") else { return fallback }
        switch text {
        case "strongest": return .strongest
        case "all": return .all
        default:
            if let count = top(text) { return .top(count) }
            return .maps(try indices(text, separator: ","))
        }
    }

    /// Which removals of an ablation: as `featureMaps`, with `3+5` for a group removed together.
    func removals() throws(SwitchbackError) -> RemovalSelection {
        // In a URL's query a plus sign means a space, unless it is written %2B; here it can only have been a plus.
        guard let text = text("feature_map")?.replacing(" ", with: "+") else { return .each }
        switch text {
        case "strongest": return .strongest
        case "all": return .each
        default:
            if let count = top(text) { return .top(count) }
            var groups: [[Int]] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                groups.append(try indices(part, separator: "+"))
            }
            return .groups(groups)
        }
    }

    /// Which unit: `strongest`, `map` or `y,x`.
    func unit() throws(SwitchbackError) -> UnitSelection {
        guard let text = text("unit") else { return .strongest }
        switch text {
        case "strongest": return .strongest
        case "map": return .map
        default:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.wholeNumber)
            guard parts.count == 2, let y = parts[0], let x = parts[1] else {
                throw bad("unit", allowed: "strongest, map, or a position y,x such as 3,5")
            }
            return .position(UnitPosition(y: y, x: x))
        }
    }

    /// Which class: the unoccluded top-1, an index, a label, or all of them.
    func target() throws(SwitchbackError) -> Target {
        guard let text = text("target") else { return .strongest }
        guard !text.isEmpty else { throw bad("target", allowed: "a class index, a label, or all") }
        if text == "all" { return .all }
        return Self.wholeNumber(text).map(Target.index) ?? .label(text)
    }

    private func top(_ text: String) -> Int? {
        guard text.hasPrefix("top:"), let count = Self.wholeNumber(text.dropFirst(4)), count > 0 else { return nil }
        return count
    }

    private func indices(_ text: some StringProtocol, separator: Character) throws(SwitchbackError) -> [Int] {
        var indices: [Int] = []
        for part in text.split(separator: separator, omittingEmptySubsequences: false) {
            guard let index = Self.wholeNumber(part) else {
                let group = kind == .ablation ? ", 3+5 (a group removed together)" : ""
                throw bad(
                    "feature_map", allowed: "strongest, all, top:9, an index such as 7, a list such as 7,9\(group)")
            }
            indices.append(index)
        }
        return indices
    }
}
