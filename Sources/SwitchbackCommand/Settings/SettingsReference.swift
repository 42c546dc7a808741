/// The documentation of all settings, from the table.
enum SettingsReference {
    /// The tables of `Documentation/Configuration.md`.
    static var markdown: String {
        Setting.groups.map { group in
            let rows = group.settings.map { setting in
                "| `\(setting.name)` | \(setting.documentedDefault) | \(setting.allowed.replacing("|", with: "\\|"))"
                    + (setting.isList ? " (a list)" : "") + " | \(setting.summary) |\n"
            }
            return "### \(group.title)\n\n| Setting | Default | Allowed | What it decides |\n|---|---|---|---|\n"
                + rows.joined()
        }.joined(separator: "\n")
    }

    /// `Config/switchback.yaml`: every setting with its default, as a comment.
    static var sample: String {
        let groups = Setting.groups.map { group in
            "\n# ---- \(group.title)\n\n"
                + group.settings.map { setting in
                    let words = setting.defaultWords == nil ? setting.words(in: ServiceSettings.standard) : []
                    let value = words.isEmpty ? "" : " " + YAMLText.value(words, isList: setting.isList)
                    let standard = words.isEmpty ? " Default: \(setting.documentedDefault)." : ""
                    return "# \(setting.summary) Allowed: \(setting.allowed).\(standard)\n#\(setting.name):\(value)\n"
                }.joined()
        }
        return header + groups.joined()
    }

    private static let header = """
        # Settings of `switchback serve`, each with its default: take away the '#' in front of a name to change it.
        #
        # It is read from the file that --config or SWITCHBACK_CONFIG names, else from \(SettingsFile.standardPath).
        # A flag goes before its environment variable, that before this file, that before the default;
        # `switchback config` prints what is in force and where it comes from. A key that is unknown, or that stands twice,
        # is an error. Sizes are written 4096, 64 KiB, 32 MiB, 1 GiB; times 500 ms, 10 s, 2 min, 1 h, 7 d, or a number of
        # seconds; a list as [one, two]. Documentation/Configuration.md says more.

        """
}
