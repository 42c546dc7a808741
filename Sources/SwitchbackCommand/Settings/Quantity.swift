import Concurrency

/// Numbers with units, as people write them in settings.
enum Quantity {
    private static let byteUnits: [(name: String, size: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]
    private static let timeUnits: [(name: String, nanoseconds: UInt64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000),
    ]

    /// A whole number written with digits alone.
    static func wholeNumber(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// Bytes: a whole number, alone or with a binary unit.
    static func bytes(_ text: String) -> Int? {
        let (number, unit) = split(text)
        guard let count = wholeNumber(number) else { return nil }
        if unit.isEmpty { return count }
        guard let size = byteUnits.first(where: { $0.name == unit })?.size else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? nil : product
    }

    /// The shortest way to write so many bytes exactly.
    static func text(bytes count: Int) -> String {
        guard count > 0, let unit = byteUnits.first(where: { count.isMultiple(of: $0.size) }) else { return "\(count)" }
        return "\(count / unit.size) \(unit.name)"
    }

    /// So many bytes in words, to three digits.
    static func rounded(bytes count: Int) -> String {
        guard let unit = byteUnits.first(where: { count >= $0.size }) else { return "\(count) bytes" }
        let tenths = (Double(count) / Double(unit.size) * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) \(unit.name)" : "\(tenths) \(unit.name)"
    }

    /// A stretch of time: a number, alone (seconds) or with a unit.
    static func time(_ text: String) -> Timeout? {
        let (number, unit) = split(text)
        guard !number.isEmpty, number.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
            let count = Double(number)
        else { return nil }
        let name = unit.isEmpty ? "s" : String(unit)
        guard let size = timeUnits.first(where: { $0.name == name })?.nanoseconds else { return nil }
        return .seconds(count * Double(size) / 1e9)
    }

    /// The shortest way to write a stretch of time, exactly down to a millisecond.
    static func text(time: Timeout) -> String {
        if time.nanoseconds == 0 { return "0 s" }
        guard let unit = timeUnits.first(where: { time.nanoseconds.isMultiple(of: $0.nanoseconds) }) else {
            return "\(time.seconds) s"
        }
        return "\(time.nanoseconds / unit.nanoseconds) \(unit.name)"
    }

    /// The shortest way to write a number: `4e12` and not `4000000000000.0`.
    static func text(number: Double) -> String {
        guard number == number.rounded(), number.magnitude < 1e18 else { return "\(number)" }
        var (mantissa, zeros) = (Int(number), 0)
        while mantissa != 0, mantissa.isMultiple(of: 10) { (mantissa, zeros) = (mantissa / 10, zeros + 1) }
        return zeros < 6 ? "\(Int(number))" : "\(mantissa)e\(zeros)"
    }

    /// The number at the beginning, and the unit after it with at most one space between.
    private static func split(_ text: String) -> (number: Substring, unit: Substring) {
        let number = text.prefix { $0.isASCII && !$0.isLetter && $0 != " " }
        let rest = text.dropFirst(number.count)
        guard rest.first == " " else { return (number, rest) }
        // A space at the end has no unit behind it and makes no number.
        return rest.count > 1 ? (number, rest.dropFirst()) : ("", "")
    }
}
