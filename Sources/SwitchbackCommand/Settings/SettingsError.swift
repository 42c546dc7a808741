/// What is wrong with the configuration.
enum SettingsError: Error, Equatable {
    case badValue(setting: String, value: String, source: SettingSource, reason: String)
    case unknownKey(String, path: String, line: Int, nearest: String?)
    case repeatedKey(String, path: String, line: Int)
    /// A key that has a list or a mapping where one value belongs, or nothing at all.
    case wrongShape(key: String, path: String, line: Int, expected: String, found: String)
    case malformed(path: String, line: Int?, problem: String)
    case unreadable(path: String, reason: String)
    case notAllowed(String)

    /// Whether the command line is at fault, and not what it points to.
    var isWrongUsage: Bool {
        switch self {
        case .badValue(_, _, .flag, _), .notAllowed: true
        default: false
        }
    }
}

extension SettingsError: CustomStringConvertible {
    var description: String {
        switch self {
        case .badValue(let setting, let value, let source, let reason):
            switch source {
            case .flag(let flag): "option '\(flag)' cannot be '\(value)'; \(reason)"
            case .variable(let name): "the variable \(name) cannot be '\(value)'; \(reason)"
            case .file(let path, let line): "\(path):\(line): '\(setting)' cannot be '\(value)'; \(reason)"
            case .standard: "'\(setting)' cannot be '\(value)'; \(reason)"
            }
        case .unknownKey(let key, let path, let line, let nearest):
            "\(path):\(line): there is no setting '\(key)'"
                + (nearest.map { "; did you mean '\($0)'?" } ?? "; 'switchback config' lists them all")
        case .repeatedKey(let key, let path, let line): "\(path):\(line): '\(key)' stands more than once in this file"
        case .wrongShape(let key, let path, let line, let expected, let found):
            "\(path):\(line): '\(key)' is \(expected), and here it is \(found)"
        case .malformed(let path, let line, let problem):
            path + (line.map { ":\($0)" } ?? "") + ": this is not YAML: \(problem)"
        case .unreadable(let path, let reason): "cannot read the configuration '\(path)': \(reason)"
        case .notAllowed(let reason): reason
        }
    }
}
