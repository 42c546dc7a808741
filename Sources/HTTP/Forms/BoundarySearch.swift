/// Finds a delimiter in a body (Horspool, "Practical fast searching in strings", 1980).
///
/// A boundary is some 40 bytes long, and nearly every look moves on by all of them: a photo of 5 MB takes about
/// 100,000 looks.
struct BoundarySearch {
    private let pattern: [UInt8]
    /// How far the pattern may move when a byte stands under its last one.
    private var moves: [Int]

    /// A search for that pattern, which is not empty.
    init(_ pattern: [UInt8]) {
        precondition(!pattern.isEmpty, "a search for nothing")
        self.pattern = pattern
        moves = [Int](repeating: pattern.count, count: 256)
        for (index, byte) in pattern.dropLast().enumerated() { moves[Int(byte)] = pattern.count - 1 - index }
    }

    /// Where the pattern stands first at or behind `start`; nil if nowhere.
    func firstIndex(in bytes: [UInt8], from start: Int) -> Int? {
        let last = pattern.count - 1
        var end = start + last
        while end < bytes.count {
            let byte = bytes[end]
            if byte == pattern[last] {
                var offset = last
                while offset > 0 && bytes[end - last + offset - 1] == pattern[offset - 1] { offset -= 1 }
                if offset == 0 { return end - last }
            }
            end += moves[Int(byte)]
        }
        return nil
    }
}
