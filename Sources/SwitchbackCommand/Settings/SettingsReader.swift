/// Puts the settings together.
///
/// The precedence, which is stated here and in `Documentation/Configuration.md`: a flag goes before the
/// environment variable, that before the YAML file, that before the default.
struct SettingsReader {
    /// What the command line gives: the words of each setting.
    var flags: [String: [String]] = [:]
    /// The process's environment.
    var variables: [String: String] = [:]
    var file: SettingsFile?
    var machine: Machine

    /// What is in force, and where from; throws for the first word that is wrong, wherever it stands and whether or
    /// not something stronger overrides it.
    func read() throws(SettingsError) -> SettingsInForce {
        var values = ServiceSettings.standard
        var sources: [String: SettingSource] = [:]
        for layer in [fileLayer, variableLayer, flagLayer] {
            for (setting, words, source) in layer {
                do throws(SettingFault) {
                    try setting.assign(words, to: &values)
                } catch {
                    let allowed = "allowed: \(setting.allowed)"
                    throw .badValue(
                        setting: setting.name, value: words.joined(separator: ", "), source: source,
                        reason: error.reason.map { "\($0); \(allowed)" } ?? allowed)
                }
                sources[setting.name] = source
            }
        }
        let notes = values.derive(without: Set(sources.keys), on: machine)
        for setting in Setting.all where sources[setting.name] == nil {
            sources[setting.name] = .standard(note: notes[setting.name])
        }
        return SettingsInForce(values: values, sources: sources)
    }

    private typealias Layer = [(setting: Setting, words: [String], source: SettingSource)]

    private var fileLayer: Layer {
        guard let file else { return [] }
        return file.entries.compactMap { entry in
            Setting.named(entry.name).map { ($0, entry.words, .file(path: file.path, line: entry.line)) }
        }
    }

    /// An empty variable is one that is not set; lists are written with commas.
    private var variableLayer: Layer {
        Setting.all.compactMap { setting in
            guard let text = variables[setting.variable], !text.isEmpty else { return nil }
            let words = setting.isList ? text.split(separator: ",").map(String.init) : [text]
            return (setting, words, .variable(setting.variable))
        }
    }

    private var flagLayer: Layer {
        Setting.all.compactMap { setting in flags[setting.name].map { (setting, $0, .flag(setting.flag)) } }
    }
}

/// The settings of this process, and where each comes from.
struct SettingsInForce: Sendable {
    let values: ServiceSettings
    let sources: [String: SettingSource]

    /// Where the value of `setting` comes from.
    func source(of setting: Setting) -> SettingSource { sources[setting.name] ?? .standard(note: nil) }
}
