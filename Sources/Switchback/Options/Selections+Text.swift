internal import Explainers

/// Selections in the notation in which they are given, for the semantics of an answer.
extension FeatureMapSelection {
    var text: String {
        switch self {
        case .strongest: "strongest"
        case .top(let count): "top:\(count)"
        case .all: "all"
        case .maps(let maps): maps.map(String.init).joined(separator: ",")
        }
    }
}

extension RemovalSelection {
    var text: String {
        switch self {
        case .each: "all"
        case .strongest: "strongest"
        case .top(let count): "top:\(count)"
        case .groups(let groups):
            groups.map { $0.map(String.init).joined(separator: "+") }.joined(separator: ",")
        }
    }
}

extension UnitSelection {
    var text: String {
        switch self {
        case .strongest: "strongest"
        case .position(let position): "\(position.y),\(position.x)"
        case .map: "map"
        }
    }
}

extension Target {
    var text: String {
        switch self {
        case .strongest: "strongest"
        case .index(let index): String(index)
        case .label(let label): label
        case .all: "all"
        }
    }
}
