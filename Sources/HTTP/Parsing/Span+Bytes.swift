/// What the parser asks of a line: spans, unlike slices, cost no reference to their array.
extension Span<UInt8> {
    /// Where the first byte stands that is sought; nil if there is none.
    func firstIndex(where isSought: (UInt8) -> Bool) -> Int? {
        var index = 0
        while index < count {
            if isSought(self[index]) { return index }
            index += 1
        }
        return nil
    }

    /// The first byte that does not fit; nil if all do.
    func firstOdd(_ fits: (UInt8) -> Bool) -> UInt8? {
        firstIndex { !fits($0) }.map { self[$0] }
    }

    /// Whether there is a byte and each is a `tchar`.
    var isToken: Bool { !isEmpty && firstOdd { $0.isTokenByte } == nil }

    /// Where the bytes lie from `start` on without spaces and tabs at either end (`OWS`).
    func trimmedRange(from start: Int) -> Range<Int> {
        var (lower, upper) = (start, count)
        while lower < upper, self[lower].isSpaceOrTab { lower += 1 }
        while lower < upper, self[upper - 1].isSpaceOrTab { upper -= 1 }
        return lower..<upper
    }
}
