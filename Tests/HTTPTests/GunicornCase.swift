import Foundation
import HTTP

/// A case of gunicorn's corpus: what a client sends, and what gunicorn makes of it.
struct GunicornCase {
    /// Like `invalid/001`.
    let name: String
    let input: [UInt8]
    let limits: Limits
    /// What gunicorn reads of valid ones.
    let methods: [String]
    let bodies: [String]

    /// The folder that the environment names.
    static var corpus: URL? {
        ProcessInfo.processInfo.environment["SWITCHBACK_GUNICORN_REQUESTS"].map { URL(fileURLWithPath: $0) }
    }

    /// The cases in the folder `kind` of the corpus, in order.
    static func all(_ kind: String, in corpus: URL) throws -> [GunicornCase] {
        let files = try FileManager.default.contentsOfDirectory(
            at: corpus.appendingPathComponent(kind), includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "http" }.sorted { $0.path < $1.path }.map { file in
            let script = try String(
                contentsOf: file.deletingPathExtension().appendingPathExtension("py"), encoding: .utf8)
            return GunicornCase(
                name: "\(kind)/\(file.deletingPathExtension().lastPathComponent)",
                input: withHost(decoded(try Data(contentsOf: file))), limits: limits(script),
                methods: script.matches(of: /"method": "([^"]*)"/).map { String($0.1) },
                bodies: script.matches(of: /"body": b?(?:"([^"]*)"|'([^']*)')/).map { String($0.1 ?? $0.2 ?? "") })
        }
    }

    /// The bytes that a file stands for: line ends in it mean nothing, and `\r\n`, `\n`, `\t`, `\0` and `\xHH` do.
    private static func decoded(_ file: Data) -> [UInt8] {
        var text = String(decoding: file.filter { $0 != 0x0A }.flatMap { Self.latin($0) }, as: UTF8.self)
        for (escape, character) in [("\\r\\n", "\r\n"), ("\\0", "\0"), ("\\n", "\n"), ("\\t", "\t")] {
            text = text.replacingOccurrences(of: escape, with: character)
        }
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: [0x5C, 0x78]), index + 3 < bytes.count,
                let byte = UInt8(String(decoding: bytes[(index + 2)..<(index + 4)], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                index += 4
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    /// The byte as a character of Latin-1, in UTF-8: text can then be replaced without a look at what bytes mean.
    private static func latin(_ byte: UInt8) -> [UInt8] { Array(String(Unicode.Scalar(byte)).utf8) }

    /// The input with a `Host` in each request of HTTP/1.1 that has none.
    ///
    /// Gunicorn does not ask for one (RFC 9112 section 3.2 does), and nearly every case would be refused for that alone.
    private static func withHost(_ input: [UInt8]) -> [UInt8] {
        let text = String(String.UnicodeScalarView(input.map { Unicode.Scalar($0) }))
        let parts = text.components(separatedBy: " HTTP/1.1\r\n")
        var result = parts[0]
        for part in parts.dropFirst() {
            let section = part.components(separatedBy: "\r\n\r\n")[0].lowercased()
            let hasHost = section.hasPrefix("host:") || section.contains("\r\nhost:")
            result += " HTTP/1.1\r\n" + (hasHost ? "" : "Host: a\r\n") + part
        }
        return result.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    /// The limits of gunicorn, by default or as the case sets them.
    private static func limits(_ script: String) -> Limits {
        var limits = Limits(maximumRequestLineBytes: 4094, maximumHeaderBytes: 8190)
        for match in script.matches(of: /limit_request_(line|fields|field_size)['"], (\d+)/) {
            guard let value = Int(match.2), value > 0 else { continue }
            switch match.1 {
            case "line": limits.maximumRequestLineBytes = value
            case "fields": limits.maximumHeaderCount = value
            default: limits.maximumHeaderBytes = value
            }
        }
        return limits
    }
}
