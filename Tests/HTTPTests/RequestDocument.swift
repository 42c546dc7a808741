import Foundation
import HTTP
import Testing
import TestSupport

/// A case of a document in `Requests`: what a client sends, and what the parser makes of it.
struct RequestCase: Sendable, CustomTestStringConvertible {
    let name: String
    let input: [UInt8]
    let limits: Limits
    let endsStream: Bool
    let events: [String]

    var testDescription: String { name }
}

/// Reads the documents in `Requests`; `README.md` there tells their form.
enum RequestDocument {
    static let cases: [RequestCase] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Requests")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "md" && $0.lastPathComponent != "README.md" }
            .sorted { $0.path < $1.path }
            .flatMap { file -> [RequestCase] in
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
                return parse(text, file: file.deletingPathExtension().lastPathComponent)
            }
    }()

    private static func parse(_ text: String, file: String) -> [RequestCase] {
        var cases: [RequestCase] = []
        var heading = ""
        var request: (words: [Substring], lines: [String])?
        var lines = text.components(separatedBy: "\n")[...]
        while let line = lines.popFirst() {
            if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
            guard line.hasPrefix("```") else { continue }
            let block = Array(lines.prefix { $0 != "```" })
            lines = lines.dropFirst(block.count + 1)
            let words = line.dropFirst(3).split(separator: " ")
            if words.first == "http" {
                request = (Array(words.dropFirst()), block)
            } else if words.first == "events", let request {
                cases.append(
                    RequestCase(
                        name: "\(file): \(heading)", input: bytes(request.lines), limits: limits(request.words),
                        endsStream: request.words.contains("eof"), events: block))
            }
        }
        return cases
    }

    private static func bytes(_ lines: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines {
            var rest = Array(line.utf8)[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "\\") else {
                    bytes.append(byte)
                    continue
                }
                guard let escape = rest.popFirst() else { break }
                bytes += escaped(escape, &rest)
            }
            let goesOn = line.hasSuffix("\\") && !line.hasSuffix("\\\\")
            if !goesOn { bytes += [13, 10] }
        }
        return bytes
    }

    private static func escaped(_ escape: UInt8, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        switch escape {
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "0"): return [0]
        case UInt8(ascii: "x"):
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            rest = rest.dropFirst(2)
            return [UInt8(digits, radix: 16) ?? 63]
        case UInt8(ascii: "{"):
            let inner = rest.prefix { $0 != UInt8(ascii: "}") }
            rest = rest.dropFirst(inner.count + 1)
            let count = Int(String(decoding: inner.prefix { $0 != 32 }, as: UTF8.self)) ?? 0
            let text = inner.drop { $0 != 32 }.dropFirst()
            return Array(repeatElement(text, count: count).joined())
        default: return [escape]
        }
    }

    private static func limits(_ words: [Substring]) -> Limits {
        let paths: [Substring: WritableKeyPath<Limits, Int>] = [
            "maximumRequestLineBytes": \.maximumRequestLineBytes, "maximumHeaderBytes": \.maximumHeaderBytes,
            "maximumHeaderCount": \.maximumHeaderCount, "maximumBodyBytes": \.maximumBodyBytes,
            "maximumChunkExtensionBytes": \.maximumChunkExtensionBytes, "maximumFormFields": \.maximumFormFields,
        ]
        var limits = Limits()
        for word in words where word != "eof" {
            let parts = word.split(separator: "=")
            guard parts.count == 2, let path = paths[parts[0]], let value = Int(parts[1]) else {
                preconditionFailure("'\(word)' sets no limit")
            }
            limits[keyPath: path] = value
        }
        return limits
    }
}
