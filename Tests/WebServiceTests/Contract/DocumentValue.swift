import Yams

/// A value of a YAML or JSON document, as schemas see it.
enum DocumentValue: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([DocumentValue])
    case object([String: DocumentValue])

    /// The document in YAML 1.2, of which JSON is a part: the answers are read by a parser that is not our own.
    init(parsing text: String) throws {
        guard let node = try Yams.compose(yaml: text) else { throw TestFailure("the document is empty") }
        try self.init(node)
    }

    private init(_ node: Node) throws {
        switch node {
        case .mapping(let mapping):
            var members: [String: DocumentValue] = [:]
            for (key, value) in mapping {
                guard let name = key.scalar?.string else { throw TestFailure("a key that is no word") }
                guard members.updateValue(try DocumentValue(value), forKey: name) == nil else {
                    throw TestFailure("'\(name)' stands twice in one object")
                }
            }
            self = .object(members)
        case .sequence(let sequence): self = .array(try sequence.map { try DocumentValue($0) })
        case .scalar(let scalar): self = scalar.style == .plain ? Self.plain(scalar.string) : .string(scalar.string)
        case .alias: throw TestFailure("an alias, which is not expected here")
        }
    }

    /// A word without quotes by the core schema of YAML 1.2 (section 10.3), without its octal and hexadecimal numbers.
    private static func plain(_ text: String) -> DocumentValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first), let number = Double(text)
            else { return .string(text) }
            return .number(number)
        }
    }

    /// The member of that name; nil where there is none, or this is no object.
    subscript(name: String) -> DocumentValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text, if it is one.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements; none if it is no list.
    var elements: [DocumentValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The members by name; none if it is no object.
    var members: [String: DocumentValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// The value as it stands in a query: numbers without a needless point.
    var queryText: String? {
        switch self {
        case .string(let text): text
        case .number(let number): number == number.rounded() ? String(Int(number)) : String(number)
        case .bool(let flag): String(flag)
        case .null, .array, .object: nil
        }
    }
}
