/// Finds a delimiter in a body (Horspool, "Practical fast searching in strings", 1980).
///
/// A boundary is some 40 bytes long, and nearly every look moves on by all of them: a photo of 5 MB takes about
/// 100,000 looks. Where the last byte fits, the comparison begins with the first one, which occurs in the pattern once
/// (the CR of a delimiter): so even a body made to fit as often as it can costs a few looks a byte.
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
                let candidate = end - last
                var offset = 0
                while offset < last && bytes[candidate + offset] == pattern[offset] { offset += 1 }
                if offset == last { return candidate }
            }
            end += moves[Int(byte)]
        }
        return nil
    }
}
