/// How the values of a setting are written, and which of them are allowed.
struct SettingType<Value: Sendable>: Sendable {
    /// What stands for the value in help, as in `--threads <n>`.
    let placeholder: String
    /// What may be written, in words, for documentation and messages.
    let allowed: String
    /// Whether there may be any number of values.
    var isList = false
    /// Whether it is on or off, so that the flag alone switches it on.
    var isSwitch = false
    /// The value of the words (exactly one, unless it is a list).
    let read: @Sendable ([String]) throws(SettingFault) -> Value
    /// The words that `read` turns into the value; none for a value that is absent.
    let write: @Sendable (Value) -> [String]
}

/// Words that a setting cannot take.
struct SettingFault: Error, Equatable {
    /// Why not, where there is more to say than what is allowed.
    var reason: String?
}

extension SettingType {
    /// A type of single values.
    init(
        _ placeholder: String, allowed: String, isSwitch: Bool = false,
        read: @escaping @Sendable (String) throws(SettingFault) -> Value?, write: @escaping @Sendable (Value) -> String
    ) {
        self.init(
            placeholder: placeholder, allowed: allowed, isSwitch: isSwitch,
            read: { (words: [String]) throws(SettingFault) in
                guard words.count == 1, let value = try read(words[0]) else { throw SettingFault() }
                return value
            },
            write: { [write($0)] })
    }

    /// The same values, or none.
    var optional: SettingType<Value?> {
        SettingType<Value?>(
            placeholder: placeholder, allowed: allowed, isList: isList, isSwitch: isSwitch,
            read: { (words: [String]) throws(SettingFault) in try read(words) },
            write: { $0.map(write) ?? [] })
    }

    /// Any number of such values.
    var list: SettingType<[Value]> {
        SettingType<[Value]>(
            placeholder: placeholder, allowed: allowed, isList: true,
            read: { (words: [String]) throws(SettingFault) in
                var values: [Value] = []
                for word in words { values.append(try read([word])) }
                return values
            },
            write: { $0.flatMap(write) })
    }
}
