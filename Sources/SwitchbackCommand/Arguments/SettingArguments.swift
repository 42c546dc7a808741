import ArgumentParser

/// Flags that are settings: each property is named as its setting, in camel case, and takes its help from the table.
///
/// ArgumentParser wants flags declared as properties; a test holds them equal to the table.
protocol SettingArguments: ParsableArguments {}

extension SettingArguments {
    /// The settings given on the command line, by name, each with its words.
    var given: [String: [String]] {
        var given: [String: [String]] = [:]
        for child in Mirror(reflecting: self).children {
            let words: [String]? =
                switch child.value {
                case let option as Option<String?>: option.wrappedValue.map { [$0] }
                case let option as Option<[String]>: option.wrappedValue.isEmpty ? nil : option.wrappedValue
                case let flag as Flag<Bool?>: flag.wrappedValue.map { ["\($0)"] }
                default: nil
                }
            if let label = child.label { given[Self.name(ofProperty: label)] = words }
        }
        return given
    }

    /// `max-image-bytes` for the wrapper `_maxImageBytes`.
    private static func name(ofProperty label: String) -> String {
        label.drop { $0 == "_" }.reduce(into: "") { name, letter in
            name += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
    }
}

extension ArgumentHelp {
    /// The help of the setting `name`, which must be in the table.
    static func setting(_ name: String) -> ArgumentHelp {
        guard let setting = Setting.named(name) else { preconditionFailure("no setting '\(name)'") }
        return ArgumentHelp(
            "\(setting.summary) (default: \(setting.documentedDefault))", valueName: setting.placeholder)
    }
}
