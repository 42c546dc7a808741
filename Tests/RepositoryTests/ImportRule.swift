/// Each target imports what the module table says, and declares the same in the manifest.
struct ImportRule {
    /// Modules that come with the toolchain and the system.
    static let system: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Synchronization"]

    /// Target and what it uses directly.
    let modules: [String: Set<String>]

    /// The modules that a file imports.
    static func imports(in text: SwiftText) -> [String] {
        text.code.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({
                    ["public", "package", "internal", "private", "fileprivate"].contains($0) || $0.hasPrefix("@")
                })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
            let name = kinds.contains(words[index + 1]) ? words.dropFirst(index + 2).first : words[index + 1]
            return name.map { String($0.prefix { $0 != "." }) }
        }
    }

    /// What is wrong with the imports of the files of one target.
    func violations(target: String, files: [(path: String, text: SwiftText)]) -> [String] {
        guard let allowed = modules[target] else { return ["\(target) has no row in the module table"] }
        var violations: [String] = []
        var used: Set<String> = []
        for file in files {
            for name in ImportRule.imports(in: file.text) where !ImportRule.system.contains(name) {
                used.insert(name)
                if !allowed.contains(name) {
                    violations.append("\(file.path) imports \(name), which the module table does not let \(target) use")
                }
            }
        }
        for name in allowed.subtracting(used).sorted() where !files.isEmpty {
            violations.append("the module table says that \(target) uses \(name), but no file of it imports it")
        }
        return violations
    }

    /// What is wrong with the dependencies in `Package.swift`.
    func violations(manifest: String) -> [String] {
        var violations: [String] = []
        for (target, dependencies) in ImportRule.targets(inManifest: manifest) {
            guard let expected = modules[target] else {
                violations.append("Package.swift has the target \(target), the module table has not")
                continue
            }
            for name in dependencies.symmetricDifference(expected).sorted() {
                let place = dependencies.contains(name) ? "Package.swift" : "the module table"
                violations.append("\(target) depends on \(name) in \(place) alone")
            }
        }
        return violations
    }

    /// The targets of a manifest, tests aside, with the names of the targets and products they depend on.
    static func targets(inManifest text: String) -> [String: Set<String>] {
        let products = Dictionary(
            uniqueKeysWithValues: text.matches(of: /static var (\w+): [\w.]+ { \.product\(name: "(\w+)"/)
                .map { (String($0.1), String($0.2)) })
        var targets: [String: Set<String>] = [:]
        for block in text.split(separator: /\n {8}\.(?=(?:module|program|target)\()/).dropFirst() {
            // Behind the first parenthesis that ends there may be targets of other kinds.
            let target = block.prefix { $0 != ")" }
            guard let name = target.firstMatch(of: /"(\w+)"/)?.1, !target.contains("path: \"Tests/") else { continue }
            let list = target.firstMatch(of: /(?:uses|dependencies): \[([^\]]*)\]/)?.1 ?? ""
            let modules = list.matches(of: /"(\w+)"/).map { String($0.1) }
            let others = list.matches(of: /\.(\w+)/).map { products[String($0.1)] ?? String($0.1) }
            targets[String(name)] = Set(modules + others)
        }
        return targets
    }
}
