/// Reads given options by the table of `OptionDefinition`: each at most once, each known, each where it belongs.
struct OptionReader {
    let kind: ExplanationKind
    private let values: [String: String]

    /// - Throws: `unknownOption` or `repeatedOption`.
    init(_ given: [GivenOption], kind: ExplanationKind) throws(SwitchbackError) {
        let allowed = OptionDefinition.options(of: kind).map(\.name)
        var values: [String: String] = [:]
        for option in given {
            guard allowed.contains(option.name) else {
                throw .unknownOption(name: option.name, kind: kind, allowed: allowed)
            }
            guard values.updateValue(option.value, forKey: option.name) == nil else {
                throw .repeatedOption(name: option.name)
            }
        }
        self.kind = kind
        self.values = values
    }

    /// Throws `misplacedOption` for the first option given that goes with another format than `format`.
    func checkPlaces(format: OutputFormat) throws(SwitchbackError) {
        for definition in OptionDefinition.options(of: kind) where values[definition.name] != nil {
            if let only = definition.format, only != format {
                throw .misplacedOption(name: definition.name, goesWith: only, asked: format)
            }
        }
    }

    /// The pictures that can be drawn of what is asked, the default first.
    var views: [String] { text("dataset") == nil ? kind.views : kind.datasetViews }

    /// The arrays that what is asked can be answered with, the default first.
    var arrays: [String] { text("dataset") == nil ? kind.arrays : kind.datasetArrays }

    /// The text of an option; nil when it was not given.
    func text(_ name: String) -> String? { values[name] }

    /// One of the cases of `Choice`, by raw value.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, default fallback: Choice
    ) throws(SwitchbackError) -> Choice {
        guard let text = values[name] else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            throw bad(name, allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// One of `allowed`; the first when not given.
    func word(_ name: String, allowed: [String]) throws(SwitchbackError) -> String {
        guard let text = values[name] else { return allowed[0] }
        guard allowed.contains(text) else { throw bad(name, allowed: allowed.joined(separator: ", ")) }
        return text
    }

    /// A whole number inside `range`; nil when not given.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(SwitchbackError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Self.wholeNumber(text), range.contains(number) else {
            throw bad(name, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// One finite number or several with commas; nil when not given.
    func numbers(_ name: String, allowed: String) throws(SwitchbackError) -> [Float]? {
        guard let text = values[name] else { return nil }
        var numbers: [Float] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Float(String(part)), number.isFinite else { throw bad(name, allowed: allowed) }
            numbers.append(number)
        }
        return numbers
    }

    /// The error of an option whose value is not allowed.
    func bad(_ name: String, allowed: String) -> SwitchbackError {
        .badValue(option: name, value: values[name] ?? "", allowed: allowed)
    }

    /// A whole number written with digits alone, so that "+1", "1.0" and "1e3" are refused alike everywhere.
    static func wholeNumber(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
