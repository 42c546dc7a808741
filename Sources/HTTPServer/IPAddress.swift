internal import Glibc

/// A numeric IPv4 or IPv6 address.
///
/// An IPv4 address and its IPv6 form (`::ffff:192.0.2.1`, as a socket for both families reports it) are the same.
struct IPAddress: Hashable, Sendable {
    /// The first eight bytes of the IPv6 form, as a number.
    let high: UInt64
    /// The last eight bytes.
    let low: UInt64

    /// The address that `text` spells, IPv6 without brackets; nil if it is none.
    ///
    /// The scope of a link-local one (`%eth0`) is dropped.
    init?(_ text: some StringProtocol) {
        let host = text.prefix { $0 != "%" }
        if host.utf8.contains(UInt8(ascii: ":")) {
            guard let bytes = Self.packed(String(host), family: AF_INET6) else { return nil }
            (high, low) = (Self.number(bytes.prefix(8)), Self.number(bytes.suffix(8)))
        } else {
            // A scope belongs to IPv6 alone.
            guard host.endIndex == text.endIndex, let bytes = Self.packed(String(host), family: AF_INET) else {
                return nil
            }
            (high, low) = (0, Self.mappedPrefix | Self.number(bytes[...]))
        }
    }

    private init(high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, low)
    }

    /// `::ffff:0:0/96`, in which the IPv4 addresses lie.
    private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

    /// Whether it is an IPv4 address, in either form.
    var isIPv4: Bool { high == 0 && low & ~0xFFFF_FFFF == Self.mappedPrefix }

    /// Whether only this machine has it: 127.0.0.0/8 or ::1.
    var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// Whether it holds on one link only (fe80::/10).
    var isLinkLocal: Bool { high >> 54 == 0xFE80 >> 6 }

    /// The first `length` bits, the others zero; an IPv4 address keeps the 96 bits before it besides.
    func masked(to length: Int) -> IPAddress {
        let bits = isIPv4 ? 96 + length : length
        return IPAddress(
            high: high & Self.mask(min(bits, 64)), low: low & Self.mask(max(0, bits - 64)))
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits == 0 ? 0 : ~0 << UInt64(64 - bits)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 4 or 16 bytes in network order.
    private static func packed(_ host: String, family: Int32) -> [UInt8]? {
        guard !host.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
        // SAFETY: inet_pton writes 4 bytes for AF_INET and 16 for AF_INET6, which is what the array holds.
        let status = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe inet_pton(family, host, buffer.baseAddress)
        }
        return status == 1 ? bytes : nil
    }
}
