/// Makes request ids and judges those that clients send.
struct RequestIDs {
    /// The digits of the last id.
    private var digits = [UInt8](repeating: UInt8(ascii: "0"), count: 32)
    private var count: UInt64 = 0

    /// Ids that begin with `instance`, by default 64 random bits: two servers' ids do not meet in one log.
    init(instance: UInt64 = .random(in: .min ... .max)) {
        write(instance, at: 0)
    }

    /// The client's own id if it is well-formed, otherwise a new one of 32 hexadecimal digits.
    mutating func id(for proposed: String?) -> String {
        if let proposed, Self.isWellFormed(proposed) { return proposed }
        count += 1
        write(count, at: 16)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether the id is 1 … 128 letters, digits or any of `. _ - : / + = @`, so that it can stand in a log line.
    static func isWellFormed(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "-")...UInt8(ascii: ":"): true  // - . / 0 … 9 :
                case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "@"): true
                default: false
                }
            }
    }

    /// Writes the 16 digits of a number, by hand: an id is made for every request.
    private mutating func write(_ value: UInt64, at start: Int) {
        var rest = value
        for index in stride(from: start + 15, through: start, by: -1) {
            let digit = UInt8(rest & 15)
            digits[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            rest >>= 4
        }
    }
}
