/// Where the value in force of a setting comes from.
enum SettingSource: Equatable, Sendable {
    case flag(String)
    case variable(String)
    case file(path: String, line: Int)
    /// `note` says what it follows from, where it is not the documented one.
    case standard(note: String?)
}

extension SettingSource: CustomStringConvertible {
    /// A few words: `--threads`, `SWITCHBACK_THREADS`, `/etc/switchback/switchback.yaml:12`, `default`.
    var description: String {
        switch self {
        case .flag(let name), .variable(let name): name
        case .file(let path, let line): "\(path):\(line)"
        case .standard(let note): note.map { "default, \($0)" } ?? "default"
        }
    }
}
