internal import HTTP

/// Makes request ids and judges those that clients send.
///
/// An id of 15 characters is kept by a `String` within itself: however often it is handed on, nothing is allocated,
/// counted or freed for it.
struct RequestIDs {
    /// How many digits an id has: 75 bits.
    private static let digitCount = 15
    /// As many as five bits can tell apart.
    private static var alphabet: [UInt8] { Array("0123456789abcdefghijklmnopqrstuv".utf8) }

    /// The digits of the last id.
    private var digits: [UInt8]

    /// Ids that count up from a random number: those of two servers do not meet in one log.
    init() {
        digits = (0..<Self.digitCount).map { _ in Self.alphabet[.random(in: 0..<32)] }
    }

    /// Ids that follow the one given, of as many digits.
    init(after id: String) {
        digits = Array(id.utf8)
    }

    /// The client's own id if it is well-formed, otherwise a new one of 15 digits and small letters.
    mutating func id(for proposed: String?) -> String {
        if let proposed, Self.isWellFormed(proposed) { return proposed }
        count()
        return String(decoding: digits.span)
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

    /// Adds one to the number, by hand: an id is made for every request.
    private mutating func count() {
        var index = digits.count - 1
        while index >= 0, digits[index] == UInt8(ascii: "v") {
            digits[index] = UInt8(ascii: "0")
            index -= 1
        }
        if index >= 0 { digits[index] = digits[index] == UInt8(ascii: "9") ? UInt8(ascii: "a") : digits[index] + 1 }
    }
}
