/// A binary among the fixtures lies beside or below the script that made it.
struct FixtureRule {
    static let binaries = [".npy", ".png", ".onnx", ".jpg", ".jpeg", ".webp", ".bin", ".ppm", ".gif"]
    static let makers = [".py", ".sh"]
    static let folder = "Tests/Fixtures/"

    func violations(paths: [String]) -> [String] {
        let below = paths.filter { $0.hasPrefix(FixtureRule.folder) }
        let made = Set(below.filter { path in FixtureRule.makers.contains { path.hasSuffix($0) } }.map(folder))
        return below.filter { path in
            FixtureRule.binaries.contains { path.lowercased().hasSuffix($0) } && !hasMaker(folder(path), made)
        }.map { "\($0) has no script beside it that makes it" }
    }

    private func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/") + "/"
    }

    private func hasMaker(_ start: String, _ made: Set<String>) -> Bool {
        var current = start
        while current.count > FixtureRule.folder.count {
            if made.contains(current) { return true }
            current = folder(current)
        }
        return false
    }
}
