import Foundation

/// The members of a JSON object, read by name and type; errors name the member by its path.
struct JSONMembers {
    /// What errors call the file.
    let path: String
    private let prefix: String
    private let members: [String: JSONValue]

    /// The members of the object in `bytes`; a name that is not among `known` is refused.
    init(_ bytes: [UInt8], path: String, known: [String]) throws(ModelsError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            throw .unreadable(path: path, reason: "not JSON")
        }
        guard case .object(let members) = value else {
            throw .unreadable(path: path, reason: "not a JSON object")
        }
        try self.init(members, path: path, prefix: "", known: known)
    }

    private init(_ members: [String: JSONValue], path: String, prefix: String, known: [String]) throws(ModelsError) {
        for name in members.keys.sorted() where !known.contains(name) {
            throw .unknownMember(
                path: path, member: prefix + name, nearest: Self.nearest(to: name, in: known), known: known)
        }
        self.members = members.filter { $0.value != .null }
        self.path = path
        self.prefix = prefix
    }

    func string(_ name: String) throws(ModelsError) -> String? {
        guard let value = members[name] else { return nil }
        guard case .string(let string) = value else { throw invalid(name, expected: "a string") }
        return string
    }

    func object(_ name: String, known: [String]) throws(ModelsError) -> JSONMembers? {
        guard let value = members[name] else { return nil }
        guard case .object(let object) = value else { throw invalid(name, expected: "an object") }
        return try JSONMembers(object, path: path, prefix: prefix + name + ".", known: known)
    }

    /// A finite number.
    func number(_ name: String) throws(ModelsError) -> Float? {
        guard let value = members[name] else { return nil }
        guard let number = value.float else { throw invalid(name, expected: "a number") }
        return number
    }

    /// Finite numbers, as many as `count`.
    func numbers(_ name: String, count: Int) throws(ModelsError) -> [Float]? {
        guard let value = members[name] else { return nil }
        let numbers = value.list?.compactMap(\.float) ?? []
        guard value.list?.count == count, numbers.count == count else {
            throw invalid(name, expected: count == 1 ? "a list of one number" : "a list of \(count) numbers")
        }
        return numbers
    }

    /// A size in pixels, from 1 to 65536.
    func size(_ name: String) throws(ModelsError) -> Int? {
        guard let value = members[name] else { return nil }
        guard let size = value.size else { throw invalid(name, expected: "a whole number from 1 to 65536") }
        return size
    }

    /// Height and width in pixels, each from 1 to 65536.
    func pixelSize(_ name: String) throws(ModelsError) -> PixelSize? {
        guard let value = members[name] else { return nil }
        guard let list = value.list, list.count == 2, let height = list[0].size, let width = list[1].size else {
            throw invalid(name, expected: "[height, width], whole numbers from 1 to 65536")
        }
        return PixelSize(height: height, width: width)
    }

    /// The error of a member whose value is not possible.
    func invalid(_ name: String, expected: String) -> ModelsError {
        .invalidMember(
            path: path, member: prefix + name, found: members[name]?.title ?? "missing", expected: expected)
    }

    /// The known name that differs least, if it differs little.
    static func nearest(to name: String, in known: [String]) -> String? {
        let distances = known.map { (name: $0, distance: distance(name.lowercased(), $0)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, best.name.count / 2) ? best.name : nil
    }

    /// The insertions, removals and replacements that make one word of the other (Levenshtein).
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.prefix(64)), Array(b))
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var previous = row
            swap(&row, &previous)
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                row[j + 1] = min(previous[j] + (left == right ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
