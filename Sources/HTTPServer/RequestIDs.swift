/// Makes request ids and judges those that clients send.
struct RequestIDs {
    /// The digits of the last id.
    private var digits: [UInt8]

    /// Ids that begin with `instance`, by default 64 random bits: two servers' ids do not meet in one log.
    init(instance: UInt64 = .random(in: .min ... .max)) {
        digits = Self.hexadecimal(instance) + Self.hexadecimal(0)
    }

    /// The client's own id if it is well-formed, otherwise a new one of 32 hexadecimal digits.
    mutating func id(for proposed: String?) -> String {
        if let proposed, Self.isWellFormed(proposed) { return proposed }
        count()
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

    /// Adds one to the number in the last 16 digits, by hand: an id is made for every request.
    private mutating func count() {
        var index = 31
        while index >= 16, digits[index] == UInt8(ascii: "f") {
            digits[index] = UInt8(ascii: "0")
            index -= 1
        }
        if index >= 16 { digits[index] = digits[index] == UInt8(ascii: "9") ? UInt8(ascii: "a") : digits[index] + 1 }
    }

    /// The 16 digits of a number.
    private static func hexadecimal(_ value: UInt64) -> [UInt8] {
        (0..<16).map { position in
            let digit = UInt8(value >> (60 - 4 * UInt64(position)) & 15)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
