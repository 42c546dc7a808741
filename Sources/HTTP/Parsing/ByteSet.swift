/// A set of ASCII characters, one bit each: whether a byte is in it is asked of every byte of a head.
struct ByteSet {
    /// The bytes 0 … 63, the least bit for 0.
    let low: UInt64
    /// The bytes 64 … 127.
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let half = byte < 64 ? low : byte < 128 ? high : 0
        return half >> (byte & 63) & 1 == 1
    }

    /// Letters, digits and `! # $ % & ' * + - . ^ _ | ~` and the backtick.
    static var token: ByteSet { ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }
    /// Letters, digits, `- . _ ~` and `! $ & ' ( ) * + , ; =`.
    static var host: ByteSet { ByteSet(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
    /// Those of a host but for the dot, and `: / @`.
    static var plainPath: ByteSet { ByteSet(low: 0x2FFF_BFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF) }
    /// Those of a host, and `: / @ %`.
    static var path: ByteSet { ByteSet(low: 0x2FFF_FFF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF) }
}
