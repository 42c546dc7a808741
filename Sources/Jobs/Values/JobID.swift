/// The name of a job: 32 lower-case hexadecimal digits that nobody can guess.
public struct JobID: Hashable, Sendable, CustomStringConvertible {
    /// The 32 digits.
    public let text: String

    /// The job with that name; nil for a text that is none.
    public init?(_ text: String) {
        guard RandomName.isName(text) else { return nil }
        self.text = text
    }

    /// A name that nobody has had, of 128 bits from `generator`.
    public init(using generator: inout some RandomNumberGenerator) {
        text = RandomName.make(using: &generator)
    }

    /// The 32 digits.
    public var description: String { text }
}

/// Names made of 128 random bits.
enum RandomName {
    static func make(using generator: inout some RandomNumberGenerator) -> String {
        (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    static func isName(_ text: String) -> Bool {
        let isDigit: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        return text.utf8.count == 32 && text.utf8.allSatisfy(isDigit)
    }
}
