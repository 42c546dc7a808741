extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        // SAFETY: the caller owns the bytes and lends them for this call; the buffer covers exactly the span, and the
        // array copies it before the closure returns.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
