import Concurrency
import HTTPServer

extension SettingType where Value == String {
    /// Any text but the empty one.
    static func text(_ placeholder: String, allowed: String) -> SettingType {
        SettingType(placeholder, allowed: allowed, read: { $0.isEmpty ? nil : $0 }, write: { $0 })
    }

    /// One of some words.
    static func word(_ placeholder: String, of words: [String]) -> SettingType {
        SettingType(
            placeholder, allowed: words.joined(separator: ", "), read: { words.contains($0) ? $0 : nil }, write: { $0 })
    }
}

extension SettingType where Value == Bool {
    /// On or off.
    static var `switch`: SettingType {
        SettingType(
            "true|false", allowed: "true, false", isSwitch: true, read: { ["true": true, "false": false][$0] },
            write: { "\($0)" })
    }
}

extension SettingType where Value == Int {
    /// A whole number.
    static func count(_ range: ClosedRange<Int>) -> SettingType {
        SettingType(
            "n", allowed: "\(range.lowerBound) to \(range.upperBound)",
            read: { text in Quantity.wholeNumber(text).flatMap { range.contains($0) ? $0 : nil } }, write: { "\($0)" })
    }

    /// A number of bytes, written as `4096` or `32 MiB`.
    static func bytes(_ range: ClosedRange<Int>) -> SettingType {
        let allowed = "\(Quantity.text(bytes: range.lowerBound)) to \(Quantity.text(bytes: range.upperBound))"
        return SettingType(
            "size", allowed: allowed,
            read: { text in Quantity.bytes(text).flatMap { range.contains($0) ? $0 : nil } },
            write: { Quantity.text(bytes: $0) })
    }
}

extension SettingType where Value == Double {
    /// A number, which may have an exponent.
    static func number(_ range: ClosedRange<Double>) -> SettingType {
        SettingType(
            "n", allowed: "\(Quantity.text(number: range.lowerBound)) to \(Quantity.text(number: range.upperBound))",
            read: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } },
            write: { Quantity.text(number: $0) })
    }
}

extension SettingType where Value == Timeout {
    /// A stretch of time, written as `10 s`, `500 ms`, `2 min`, `1 h`, `30 d` or a number of seconds.
    static func time(_ range: ClosedRange<Timeout>) -> SettingType {
        SettingType(
            "time", allowed: "\(Quantity.text(time: range.lowerBound)) to \(Quantity.text(time: range.upperBound))",
            read: { text in Quantity.time(text).flatMap { range.contains($0) ? $0 : nil } },
            write: { Quantity.text(time: $0) })
    }
}

extension SettingType where Value == ListenAddress {
    /// Where to listen.
    static var address: SettingType {
        SettingType(
            "address",
            allowed:
                "127.0.0.1:8080, [::1]:8080, :8080 (every address), unix:/run/switchback.sock, systemd:; with TLS behind https://",
            read: { (text: String) throws(SettingFault) in
                do throws(HTTPServerError) {
                    return try ListenAddress(text)
                } catch {
                    guard case .badAddress(_, let reason) = error else { throw SettingFault(reason: "\(error)") }
                    throw SettingFault(reason: reason)
                }
            },
            write: { "\($0)" })
    }
}

extension SettingType where Value == [ListenAddress] {
    /// Everywhere to listen.
    static var addresses: SettingType {
        let list = SettingType<ListenAddress>.address.list
        return SettingType(
            placeholder: list.placeholder, allowed: list.allowed, isList: true,
            read: { (words: [String]) throws(SettingFault) in
                let addresses = try list.read(words)
                guard addresses.count(where: { $0.place == .systemd }) <= 1 else {
                    throw SettingFault(reason: "what systemd hands over is taken once, with TLS or without")
                }
                return addresses
            },
            write: list.write)
    }
}

extension SettingType where Value == UInt16 {
    /// The permissions of a file, in octal.
    static var permissions: SettingType {
        SettingType(
            "mode", allowed: "0000 to 0777",
            read: { text in
                let isOctal = text.utf8.allSatisfy { (48...55).contains($0) } && (3...4).contains(text.utf8.count)
                return isOctal ? UInt16(text, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil } : nil
            },
            write: { mode in
                let digits = String(mode, radix: 8)
                return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            })
    }
}

extension SettingType where Value == String {
    /// A PostgreSQL database, as libpq reads its address; a password in it is not written anywhere.
    static var database: SettingType {
        SettingType(
            "address", allowed: "postgresql://user@host:5432/name; the password best in libpq's passfile",
            read: { text in ["postgresql://", "postgres://"].contains { text.hasPrefix($0) } ? text : nil },
            write: { address in
                address.replacing(/(?<user>:\/\/[^:@\/]*):[^@\/]*@/) { "\($0.output.user):***@" }
                    .replacing(/(?<name>[?&](?:ssl)?password=)[^&]*/) { "\($0.output.name)***" }
            })
    }

    /// A proxy, as `TrustedProxies` reads it.
    static var proxies: SettingType {
        SettingType(
            "address", allowed: "192.0.2.7, 10.0.0.0/8, 2001:db8::/32, unix",
            read: { (text: String) throws(SettingFault) in
                do throws(HTTPServerError) {
                    _ = try TrustedProxies([text])
                    return text
                } catch {
                    guard case .badProxy(_, let reason) = error else { throw SettingFault(reason: "\(error)") }
                    throw SettingFault(reason: reason)
                }
            },
            write: { $0 })
    }
}
