/// Writes tar archives, right ones and wrong ones.
struct TarWriter {
    private var bytes: [UInt8] = []

    /// Adds a header with these bytes behind it.
    ///
    /// - Parameter statedSize: what the header says of the size, in place of the truth.
    mutating func add(
        _ name: String, _ content: [UInt8] = [], kind: Character = "0", prefix: String = "", statedSize: String? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: [UInt8], at place: Int) { header.replaceSubrange(place..<place + text.count, with: text) }
        let octal = String(content.count, radix: 8)
        let size = statedSize ?? String(repeating: "0", count: 11 - octal.count) + octal
        put([UInt8](name.utf8), at: 0)
        put([UInt8](size.utf8.prefix(12)), at: 124)
        header[156] = kind.asciiValue ?? 0
        put([UInt8]("ustar\u{0}00".utf8), at: 257)
        put([UInt8](prefix.utf8), at: 345)
        put([UInt8](repeating: 32, count: 8), at: 148)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put([UInt8]((String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8), at: 148)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its end marker.
    func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// A record of an extended header: its own length, a keyword, a value.
    static func record(_ keyword: String, _ value: String) -> [UInt8] {
        let rest = " \(keyword)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return [UInt8]("\(length)\(rest)".utf8)
    }
}
