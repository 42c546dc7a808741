import WebService

/// The settings in force as `switchback config` prints them.
struct SettingsReport {
    let settings: SettingsInForce

    /// A table: the setting, its value, where it comes from.
    var text: String {
        var table = TextTable(["setting", "value", "from"], rightAligned: [])
        for setting in Setting.all {
            table.rows.append([setting.name, setting.text(in: settings.values), "\(settings.source(of: setting))"])
        }
        return table.text
    }

    /// A list of objects with `name`, `value` (text, a list of texts, or null) and `source`.
    var json: JSON {
        .array(
            Setting.all.map { setting in
                let words = setting.words(in: settings.values)
                let value: JSON =
                    setting.isList ? .array(words.map(JSON.string)) : words.first.map(JSON.string) ?? .null
                return .object([
                    JSON.Member("name", .string(setting.name)), JSON.Member("value", value),
                    JSON.Member("source", .string("\(settings.source(of: setting))")),
                ])
            })
    }

    /// A file of settings that says the same, with the origin of each behind it.
    var yaml: String {
        Setting.all.map { setting in
            let words = setting.words(in: settings.values)
            let line = "\(setting.name): \(YAMLText.value(words, isList: setting.isList))"
            let comment = "  # \(settings.source(of: setting))\n"
            // An absent value has no words in YAML: the key stays away.
            return words.isEmpty && !setting.isList ? "# \(setting.name):\(comment)" : line + comment
        }.joined()
    }
}

/// Words as YAML writes them.
enum YAMLText {
    /// The value of a setting.
    static func value(_ words: [String], isList: Bool) -> String {
        isList ? "[" + words.map(scalar).joined(separator: ", ") + "]" : words.first.map(scalar) ?? ""
    }

    /// A word, quoted unless it could be nothing else.
    private static func scalar(_ word: String) -> String {
        let isPlain = word.wholeMatch(of: /[A-Za-z0-9\/][A-Za-z0-9 ._\/-]*(?::[A-Za-z0-9._\/-]+)*/) != nil
        if isPlain, word.last != " ", !["null", "Null", "NULL"].contains(word) { return word }
        return String(decoding: JSON.string(word).encoded().dropLast(), as: UTF8.self)
    }
}
