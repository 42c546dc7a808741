/// Finds layers by name.
struct LayerDirectory: Sendable {
    private let exact: [String: Int]
    private let prefixes: [String: [Int]]
    private let canonical: [String]

    /// What an alias may leave off: the end of a name from one of these on.
    static let cuts = ["_relu", "_clip", "_concat", "_add", "/"]

    /// Bytes of the longest name that has aliases: their number grows with its length, and their size too.
    static let longestName = 1024

    /// Canonical names come first, then names of values, of nodes, and of what was removed.
    init(_ layers: [LayerDraft], names: [String]) {
        var exact: [String: Int] = [:]
        let tiers: [[[String]]] = [
            names.map { [$0] }, layers.map(\.values), layers.map(\.nodes), layers.map(\.removedNames),
        ]
        for tier in tiers {
            for (position, names) in tier.enumerated() {
                for name in names where exact[name] == nil { exact[name] = position }
            }
        }
        var prefixes: [String: [Int]] = [:]
        for (position, layer) in layers.enumerated() {
            for prefix in Set(([names[position]] + layer.values + layer.nodes).flatMap(LayerDirectory.prefixes)) {
                prefixes[prefix, default: []].append(position)
            }
        }
        (self.exact, self.prefixes, canonical) = (exact, prefixes, names)
    }

    /// The position of the layer that has this name, or to which alone it is short.
    func position(of name: String) throws(NetworksError) -> Int {
        if let position = exact[name] { return position }
        guard let short = prefixes[name] else { throw .unknownLayer(name: name, available: canonical) }
        guard short.count == 1 else {
            throw .ambiguousLayer(name: name, candidates: short.map { canonical[$0] })
        }
        return short[0]
    }

    /// All that stands before one of the cuts; nothing for a name that no person would write.
    static func prefixes(of name: String) -> [String] {
        guard name.utf8.count <= longestName else { return [] }
        var found: [String] = []
        for start in name.indices.dropFirst() where cuts.contains(where: { name[start...].hasPrefix($0) }) {
            found.append(String(name[..<start]))
        }
        return found
    }
}
