/// The checksums in a PNG.
enum PNGChecksums {
    /// A PNG whose whole chunks each end in the checksum of their kind and data (PNG, third edition, section 5.3).
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var start = 8
        while start + 12 <= result.count {
            let length = result[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = start + 8 + length
            guard end + 4 <= result.count else { break }
            let sum = crc32(result[start + 4..<end])
            for place in 0..<4 { result[end + place] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * place)) }
            start = end + 4
        }
        return result
    }

    /// CRC-32 as PNG uses it, a bit at a time (PNG, annex D).
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }

    /// Adler-32 (RFC 1950, section 2.2).
    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}
