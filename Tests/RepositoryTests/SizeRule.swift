/// Files and functions are short; the list of exceptions gives a reason for each that is not.
struct SizeRule {
    static let fileLines = 250
    static let functionLines = 40
    /// What no reason excuses.
    static let hardFileLines = 400
    static let hardFunctionLines = 60

    /// One line of `exceptions.txt`: a path, or path#function, what it may have at most, and why.
    struct Exception: Equatable {
        let subject: String
        let limit: Int
        let reason: String
    }

    let exceptions: [Exception]

    /// Reads a list of exceptions; lines that start with `#` and empty ones are skipped.
    static func exceptions(in text: String) -> (exceptions: [Exception], faults: [String]) {
        var exceptions: [Exception] = []
        var faults: [String] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, let limit = Int(parts[1]), parts[2].split(separator: " ").count >= 3 else {
                faults.append("exceptions.txt: '\(line)' is not a path, a limit and a reason")
                continue
            }
            let subject = String(parts[0])
            let hard = subject.contains("#") ? hardFunctionLines : hardFileLines
            if limit > hard { faults.append("exceptions.txt: \(subject) may have \(hard) lines at most, not \(limit)") }
            if exceptions.contains(where: { $0.subject == subject }) {
                faults.append("exceptions.txt: \(subject) twice")
            }
            exceptions.append(Exception(subject: subject, limit: limit, reason: String(parts[2])))
        }
        return (exceptions, faults)
    }

    /// What is too long in the files, and exceptions that nothing needs.
    func violations(files: [(path: String, text: SwiftText)]) -> [String] {
        var needed: Set<String> = []
        var violations: [String] = []
        func check(_ subject: String, _ place: String, _ length: Int, _ usual: Int) {
            if length <= usual { return }
            needed.insert(subject)
            let limit = exceptions.first { $0.subject == subject }?.limit ?? usual
            if length > limit { violations.append("\(place) has \(length) lines; at most \(limit) are allowed") }
        }
        for (path, text) in files {
            let length = text.lines.count - (text.lines.last?.isEmpty == true ? 1 : 0)
            check(path, path, length, SizeRule.fileLines)
            guard path.hasSuffix(".swift") else { continue }
            for function in text.functions {
                let place = "\(function.name) in \(path):\(function.lines.lowerBound + 1)"
                check("\(path)#\(function.name)", place, function.lines.count, SizeRule.functionLines)
            }
        }
        for exception in exceptions where !needed.contains(exception.subject) {
            violations.append("exceptions.txt: \(exception.subject) needs no exception any more")
        }
        return violations
    }
}
