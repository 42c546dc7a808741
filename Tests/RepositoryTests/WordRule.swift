/// Words that a finished tree does not have in it.
enum WordRule {
    private static func find(_ words: [String], in lines: [Substring], _ path: String, _ why: String) -> [String] {
        lines.indices.flatMap { line in
            words.filter { lines[line].contains($0) }.map { "\(path):\(line + 1) has '\($0)': \(why)" }
        }
    }

    /// Unfinished work and traps without values, in the sources.
    static func unfinished(path: String, text: SwiftText) -> [String] {
        find(["TODO", "FIXME", "XXX"], in: text.lines, path, "finish it or file an issue")
            + find(
                ["try!", "fatalError(", "as!"], in: text.code, path, "throw, or trap with precondition and its values")
    }

    /// Waiting for time to pass, in the tests.
    static func sleeping(path: String, text: SwiftText) -> [String] {
        let words = ["sleep(", "Thread.sleep", "Task.sleep", "asyncAfter"]
        return find(words, in: text.code, path, "wait for a signal, or use a clock that the test moves")
    }

    /// Paths of somebody's machine, anywhere. (Put together here, so that this file has none itself.)
    static func machinePaths(path: String, text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.flatMap { line in
            lines[line].matches(of: /(?:^|[^\w.~\-}])(\/(?:work|root|home|Users|opt|tmp\/p)\/[\w.]+)/)
                .map { "\(path):\(line + 1) has the path \($0.1) of some machine" }
        }
    }
}
