import Foundation

/// Every Swift file is laid out and documented as `.swift-format` says.
struct FormatRule {
    let configuration: URL

    /// What `swift format lint --strict` finds in these files, a line each.
    func violations(files: [URL]) throws -> [String] {
        if files.isEmpty { return [] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let options = ["swift", "format", "lint", "--strict", "--parallel", "--configuration", configuration.path]
        process.arguments = options + files.map(\.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 0 { return [] }
        let findings = words.split(separator: "\n").map(String.init).filter { $0.contains(": error:") }
        return findings.isEmpty
            ? ["'swift format' (part of Swift 6) did not run, status \(process.terminationStatus): \(words)"] : findings
    }
}
