/// The name of a job.
public typealias JobID = RandomName<Job>

/// The name of a lease: whoever has it holds the lease.
public typealias LeaseToken = RandomName<Lease>

/// The name of a `Subject`: 32 lower-case hexadecimal digits that nobody can guess and no other has had.
public struct RandomName<Subject>: Hashable, Sendable, CustomStringConvertible {
    /// The 32 digits.
    public let text: String

    /// The name that a text is; nil for a text that is none.
    public init?(_ text: String) {
        let isDigit: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard text.utf8.count == 32, text.utf8.allSatisfy(isDigit) else { return nil }
        self.text = text
    }

    /// A new name, of 128 bits from `generator`.
    public init(using generator: inout some RandomNumberGenerator) {
        text = (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    /// The 32 digits.
    public var description: String { text }
}
