import Models
import Networks

/// The class whose logit or probability is watched.
public enum Target: Hashable, Sendable {
    /// The most probable class of the unchanged image.
    case strongest
    /// The class at an index.
    case index(Int)
    /// The class with a label, as `Model.classIndex(named:)` finds it.
    case label(String)
    /// Every class; pictures and rankings, which need one, take the most probable class of the unchanged image.
    case all
}

/// What of the network's answer is watched.
public enum ClassQuantity: String, Hashable, Sendable, CaseIterable {
    /// The probability, after the softmax.
    case probability
    /// The logit, before the softmax.
    case logit
}

/// A target whose label has been looked up.
enum ResolvedTarget: Hashable, Sendable {
    case strongest
    case index(Int)
    case all

    init(_ target: Target, model: Model) throws {
        switch target {
        case .strongest: self = .strongest
        case .all: self = .all
        case .label(let text): self = .index(try model.classIndex(named: text))
        case .index(let index):
            guard (0..<model.network.classes).contains(index) else {
                throw ExplainersError.classIndex(index, count: model.network.classes)
            }
            self = .index(index)
        }
    }

    /// The one class to draw and rank by.
    func classIndex(unchanged: ClassOutputs) -> Int {
        switch self {
        case .strongest, .all: unchanged.strongest
        case .index(let index): index
        }
    }
}
