import Switchback
import Yams

/// A YAML file of settings: one mapping from names to values or lists of values, each key known and once.
struct SettingsFile: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        let name: String
        let words: [String]
        let line: Int
    }

    let path: String
    let entries: [Entry]

    /// The file that is read where nobody names one, if it is there.
    static let standardPath = "/etc/switchback/switchback.yaml"
    /// More than any configuration needs.
    private static let maximumBytes = 1 << 20

    /// The settings in the file at `path`.
    init(path: String) throws(SettingsError) {
        let text: String
        do {
            let bytes = try InputFile.bytes(at: path, limit: Self.maximumBytes)
            guard let decoded = String(validating: bytes, as: UTF8.self) else { throw Failure("it is not UTF-8") }
            text = decoded
        } catch {
            throw .unreadable(path: path, reason: FileFailure.reason(error))
        }
        try self.init(text, path: path)
    }

    /// The settings in `text`, which came from `path`.
    init(_ text: String, path: String) throws(SettingsError) {
        self.path = path
        guard let root = try Self.parse(text, path: path) else {
            entries = []
            return
        }
        if case .scalar(let scalar) = root, Self.isEmpty(scalar) {
            entries = []
            return
        }
        guard case .mapping(let mapping) = root else {
            throw .malformed(path: path, line: root.mark?.line, problem: "a mapping 'name: value' is expected")
        }
        var entries: [Entry] = []
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let name = key.scalar?.string, let setting = Setting.named(name) else {
                let found = key.scalar?.string ?? "(not a word)"
                throw .unknownKey(
                    found, path: path, line: line,
                    nearest: Spelling.nearest(to: found, among: Setting.all.map(\.name)))
            }
            let words = try Self.words(of: value, for: setting, path: path, line: line)
            entries.append(Entry(name: name, words: words, line: line))
        }
        self.entries = entries
    }

    private static func parse(_ text: String, path: String) throws(SettingsError) -> Node? {
        do {
            return try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            switch error {
            case .duplicatedKeysInMapping(let keys, let context):
                throw .repeatedKey(keys.first ?? "", path: path, line: context.mark.line)
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw .malformed(path: path, line: mark.line, problem: problem)
            case .reader(let problem, _, _, _): throw .malformed(path: path, line: nil, problem: problem)
            default: throw .malformed(path: path, line: nil, problem: "\(error)")
            }
        } catch {
            throw .malformed(path: path, line: nil, problem: "\(error)")
        }
    }

    /// The words of a value: one for a scalar, any number for a list where the setting takes one.
    private static func words(
        of node: Node, for setting: Setting, path: String, line: Int
    ) throws(SettingsError) -> [String] {
        func wrong(_ found: String) -> SettingsError {
            .wrongShape(
                key: setting.name, path: path, line: node.mark?.line ?? line,
                expected: setting.isList ? "one value or a list" : "one value", found: found)
        }
        switch node {
        case .scalar(let scalar):
            guard !isEmpty(scalar) else { throw wrong("nothing") }
            return [scalar.string]
        case .sequence(let sequence):
            guard setting.isList else { throw wrong("a list") }
            var words: [String] = []
            for element in sequence {
                guard case .scalar(let scalar) = element, !isEmpty(scalar) else {
                    throw wrong("a list of something else")
                }
                words.append(scalar.string)
            }
            return words
        case .mapping: throw wrong("a mapping")
        case .alias: throw wrong("an alias")
        }
    }

    /// Whether YAML calls the scalar null; quoted, the same word is a word.
    private static func isEmpty(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
