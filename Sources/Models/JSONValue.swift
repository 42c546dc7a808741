/// A value of JSON, as it stands in the file.
enum JSONValue: Equatable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The number, if it is one that a float can hold.
    var float: Float? {
        guard case .number(let number) = self, Float(number).isFinite else { return nil }
        return Float(number)
    }

    /// The number, if it is a size in pixels.
    var size: Int? {
        guard case .number(let number) = self, let size = Int(exactly: number), (1...65536).contains(size) else {
            return nil
        }
        return size
    }

    var list: [JSONValue]? {
        if case .list(let list) = self { list } else { nil }
    }

    /// What errors call the value.
    var title: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .string(let string): "'\(string.prefix(80))'"
        case .list(let list): "[" + list.prefix(8).map(\.title).joined(separator: ", ") + "]"
        case .object: "an object"
        }
    }
}
