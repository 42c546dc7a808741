/// Makes request ids and judges those that clients send.
struct RequestIDs {
    private let instance: [UInt8]
    private var count: UInt64 = 0

    /// Ids that begin with `instance`, by default 64 random bits: two servers' ids do not meet in one log.
    init(instance: UInt64 = .random(in: .min ... .max)) {
        self.instance = Self.hexadecimal(instance)
    }

    /// The client's own id if it is well-formed, otherwise a new one of 32 hexadecimal digits.
    mutating func id(for proposed: String?) -> String {
        if let proposed, Self.isWellFormed(proposed) { return proposed }
        count += 1
        return String(decoding: instance + Self.hexadecimal(count), as: UTF8.self)
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

    /// The 16 digits, by hand: an id is made for every request.
    private static func hexadecimal(_ value: UInt64) -> [UInt8] {
        (0..<16).map { position in
            let digit = UInt8(value >> (60 - 4 * UInt64(position)) & 15)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
