import Foundation
import Switchback

/// What the process's surroundings say: environment variables, and where the program lies.
struct Environment {
    let variables: [String: String]
    let executable: URL

    static var current: Environment {
        Environment(
            variables: ProcessInfo.processInfo.environment,
            executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())
    }

    /// The reference cases that `selftest` runs.
    var referenceCases: String {
        get throws {
            guard let found = folder(named: "Tests/Fixtures/reference/cases") else {
                throw Failure(
                    "there are no reference cases beside \(executable.path) or above it; name them with --cases")
            }
            return found
        }
    }

    /// The nearest folder of that name beside the executable or above it.
    func folder(named name: String) -> String? {
        var parent = executable.deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = parent.appendingPathComponent(name).path
            if (try? FileManager.default.contentsOfDirectory(atPath: candidate)) != nil { return candidate }
            parent = parent.deletingLastPathComponent()
        }
        return nil
    }

    /// The bytes of the nearest file of that name beside the executable or above it.
    func file(named name: String) -> [UInt8]? {
        var parent = executable.deletingLastPathComponent()
        for _ in 0..<6 {
            if let data = try? Data(contentsOf: parent.appendingPathComponent(name)) { return [UInt8](data) }
            parent = parent.deletingLastPathComponent()
        }
        return nil
    }

    /// The variable `name`; nil where it is unset or empty.
    func text(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A sentence for each variable that looks like a setting's and is none.
    ///
    /// No error: Kubernetes, for one, sets `SWITCHBACK_PORT` and others beside a service of that name.
    var warnings: [String] {
        let known = [ConfigurationFile.variable] + Setting.all.map(\.variable)
        return variables.keys.sorted().compactMap { name in
            guard name.hasPrefix("SWITCHBACK_"), !known.contains(name),
                let nearest = Spelling.nearest(to: name, among: known, within: 2)
            else { return nil }
            return "the variable \(name) is no setting's; did you mean \(nearest)?"
        }
    }
}

/// The YAML file of the settings: the one named, else the standard one where it exists.
enum ConfigurationFile {
    static let variable = "SWITCHBACK_CONFIG"

    /// The file that `flag` names, or the variable, or that lies at the standard place; nil if there is none.
    static func find(flag: String?, _ environment: Environment) throws(SettingsError) -> SettingsFile? {
        if let path = flag ?? environment.text(variable) { return try SettingsFile(path: path) }
        let path = SettingsFile.standardPath
        return FileManager.default.fileExists(atPath: path) ? try SettingsFile(path: path) : nil
    }
}
