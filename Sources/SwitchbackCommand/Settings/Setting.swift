/// One setting as users know it: its name, what it may be, its default, and what it decides.
///
/// The table of these (`Setting.groups`) is the only list of settings there is. The flags and their help, the keys of the
/// YAML file, the environment variables, the messages about wrong values, `switchback config`,
/// `Documentation/Configuration.md` and `Config/switchback.yaml` follow from it, or are held equal to it by a test.
struct Setting: Sendable {
    /// The name in kebab-case, which is the key in YAML.
    let name: String
    /// What it decides, in one sentence.
    let summary: String
    /// What stands for its value in help.
    let placeholder: String
    /// What it may be, in words.
    let allowed: String
    /// Whether it takes any number of values.
    let isList: Bool
    /// Whether it is on or off.
    let isSwitch: Bool
    /// The default in words, where it depends on the machine or on other settings.
    let defaultWords: String?
    private let assignment: @Sendable ([String], inout ServiceSettings) throws(SettingFault) -> Void
    private let words: @Sendable (ServiceSettings) -> [String]

    /// The setting `name` that sets `property`, whose own initial value is the default.
    init<Value>(
        _ name: String, _ type: SettingType<Value>, _ property: any WritableKeyPath<ServiceSettings, Value> & Sendable,
        _ summary: String, default defaultWords: String? = nil
    ) {
        self.name = name
        self.summary = summary
        self.defaultWords = defaultWords
        placeholder = type.placeholder
        allowed = type.allowed
        isList = type.isList
        isSwitch = type.isSwitch
        assignment = { (words, settings) throws(SettingFault) in settings[keyPath: property] = try type.read(words) }
        words = { type.write($0[keyPath: property]) }
    }

    /// The flag of the command line.
    var flag: String { "--" + name }

    /// The environment variable.
    var variable: String { "SWITCHBACK_" + name.uppercased().replacing("-", with: "_") }

    /// The default as documentation states it, the same on every machine.
    var documentedDefault: String { defaultWords ?? text(in: ServiceSettings.standard) }

    /// Gives `settings` the value that `words` say; throws if they say none that is allowed.
    func assign(_ words: [String], to settings: inout ServiceSettings) throws(SettingFault) {
        try assignment(words, &settings)
    }

    /// The words of the value in `settings`; none where it is absent.
    func words(in settings: ServiceSettings) -> [String] { words(settings) }

    /// The value in `settings` on one line.
    func text(in settings: ServiceSettings) -> String {
        let words = words(settings)
        return words.isEmpty ? "none" : words.joined(separator: ", ")
    }
}

/// Settings that belong together.
struct SettingGroup: Sendable {
    let title: String
    /// Whether few people ever need them: their flags are listed by `--help-hidden` alone.
    var isAdvanced = false
    let settings: [Setting]
}

extension Setting {
    /// All groups, in the order of documentation.
    static let groups: [SettingGroup] = [
        listening, access, tls, models, computing, images, datasets, logging, jobs, messageLimits, connectionLimits,
        deadlines,
    ]

    /// All settings, in the order of documentation.
    static let all = groups.flatMap(\.settings)

    /// The setting of this name.
    static func named(_ name: String) -> Setting? { all.first { $0.name == name } }
}
