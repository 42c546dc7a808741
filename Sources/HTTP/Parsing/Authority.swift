/// `host [ ":" port ]` (RFC 3986 section 3.2, without user information).
enum Authority {
    /// Whether the bytes name a host, not empty, with or without a port.
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 262 else { return false }
        if bytes[0] == 0x5B {
            guard let bracket = bytes.firstIndex(of: 0x5D) else { return false }
            return isIPv6(Array(copying: bytes.extracting(1..<bracket))[...])
                && isPort(bytes.extracting(droppingFirst: bracket + 1))
        }
        guard let end = endOfName(bytes), end > 0 else { return false }
        return isPort(bytes.extracting(droppingFirst: end))
    }

    /// Where the `reg-name` ends that the bytes begin with (an IPv4 address is one): at a colon, or with them; nil if
    /// something else stands in it.
    private static func endOfName(_ bytes: Span<UInt8>) -> Int? {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte.isHostByte {
                index += 1
            } else if byte == .colon {
                return index
            } else {
                guard byte == .percent, index + 2 < bytes.count, bytes[index + 1].hexadecimalValue != nil,
                    bytes[index + 2].hexadecimalValue != nil
                else { return nil }
                index += 3
            }
        }
        return index
    }

    /// What stands between the brackets: groups of at most four hexadecimal digits, eight in all or fewer around one
    /// "::", the last two in dotted form or not.
    private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        let colons: [UInt8] = [.colon, .colon]
        let gaps = zip(bytes, bytes.dropFirst()).filter { $0 == .colon && $1 == .colon }.count
        guard gaps <= 1, bytes.first != .colon || bytes.starts(with: colons),
            bytes.last != .colon || bytes.suffix(2).elementsEqual(colons)
        else { return false }
        let groups = bytes.split(separator: .colon)
        var width = 0
        for (index, group) in groups.enumerated() {
            if index == groups.count - 1 && group.contains(.period) {
                guard isIPv4(group) else { return false }
                width += 2
            } else {
                guard group.count <= 4, group.allSatisfy({ $0.hexadecimalValue != nil }) else { return false }
                width += 1
            }
        }
        return gaps == 1 ? width < 8 : width == 8
    }

    private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: .period, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy({ $0.isDigit })
                    && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }

    /// Nothing, or a colon and a number up to 65,535, which may be left out.
    private static func isPort(_ bytes: Span<UInt8>) -> Bool {
        if bytes.isEmpty { return true }
        guard bytes[0] == .colon, bytes.count <= 6 else { return false }
        var number = 0
        for index in 1..<bytes.count {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return false }
            number = number &* 10 &+ Int(digit)
        }
        return number <= 65_535
    }
}
