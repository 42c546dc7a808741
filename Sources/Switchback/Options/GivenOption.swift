/// One option as it was sent: a query parameter, a form field, a JSON member or a flag.
public struct GivenOption: Equatable, Sendable {
    /// The name, with underscores.
    public let name: String
    /// The value as text; lists stand with commas.
    public let value: String

    /// An option `name` with the text `value`.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
