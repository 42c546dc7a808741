internal import Glibc

extension [UInt8] {
    /// Appends the bytes of a span in one copy.
    mutating func append(_ bytes: Span<UInt8>) {
        // SAFETY: the caller owns the bytes and lends them for this call; the buffer covers exactly the span, and the
        // array copies it before the closure returns.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Puts the bytes of a span in the place of those from `start` on, in one copy.
    mutating func overwrite(from start: Int, with bytes: Span<UInt8>) {
        precondition(start >= 0 && bytes.count <= count - start, "\(bytes.count) bytes at \(start) of \(count)")
        // SAFETY: the caller owns the bytes and lends them for this call, in which the array is this method's alone, so
        // that the two do not overlap; as just seen, there are as many elements behind `start`.
        unsafe withUnsafeMutableBufferPointer { buffer in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                _ = unsafe buffer[start...].update(fromContentsOf: bytes)
            }
        }
    }

    /// The bytes of a span.
    init(copying bytes: Span<UInt8>) {
        self = []
        append(bytes)
    }
}

extension OutputSpan<UInt8> {
    /// Appends the bytes of a span, for which there must be room, in one copy.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity, "more bytes than fit")
        // SAFETY: the caller owns the bytes and lends them for this call; there is room for them behind what is
        // initialised, as just seen, and with the copy they are initialised too.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let source = bytes.baseAddress, let target = buffer.baseAddress else { return }
                unsafe (target + count).initialize(from: source, count: bytes.count)
                count += bytes.count
            }
        }
    }

    /// Appends a text of more than one character that is known when the program is made.
    @inline(__always)
    mutating func append(literal text: StaticString) {
        // SAFETY: such a text is `utf8CodeUnitCount` bytes at `utf8Start`, which live as long as the program.
        append(unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension String {
    /// What a string keeps within itself, without an allocation.
    private static var shortBytes: Int { 15 }

    /// The text that the bytes are in UTF-8; what is none becomes U+FFFD.
    package init(decoding bytes: Span<UInt8>) {
        // SAFETY: the caller owns the bytes and lends them for this call; the buffer covers exactly the span, and the
        // string copies it before the closure returns. A buffer that a string lends has room for as many as asked for.
        self = unsafe bytes.withUnsafeBufferPointer { bytes in
            guard bytes.count <= Self.shortBytes else { return unsafe String(decoding: bytes, as: UTF8.self) }
            // The same, but in one copy: a decoded one is put together byte by byte.
            return unsafe String(unsafeUninitializedCapacity: bytes.count) { buffer in
                unsafe buffer.initialize(fromContentsOf: bytes)
            }
        }
    }

    /// The text that the bytes are in UTF-8; nil if they are none.
    init?(validating bytes: Span<UInt8>) {
        // SAFETY: as above.
        let text = unsafe bytes.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { return nil }
        self = text
    }

    /// At most 40 of the bytes between quotes, control and other odd bytes escaped: fit for a message.
    init(quoting bytes: Span<UInt8>) {
        self.init(quoting: Array(copying: bytes))
    }
}

extension Span<UInt8> {
    /// Whether the bytes are these letters, more than one and small ones, in either case.
    func isEqualIgnoringCase(to letters: StaticString) -> Bool {
        // SAFETY: such a text is `utf8CodeUnitCount` bytes at `utf8Start`, which live as long as the program.
        let other = unsafe Span(_unsafeStart: letters.utf8Start, count: letters.utf8CodeUnitCount)
        guard count == other.count else { return false }
        var index = 0
        while index < count {
            if self[index].lowercased != other[index] { return false }
            index += 1
        }
        return true
    }

    /// Where the byte stands first at or behind `start`; nil if nowhere.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        guard start < count else { return nil }
        precondition(start >= 0, "a search from \(start)")
        // SAFETY: the caller owns the bytes and lends them for this call; memchr reads `count - start` of them, the
        // first at `start`, and what it finds is one of them.
        return unsafe withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}
