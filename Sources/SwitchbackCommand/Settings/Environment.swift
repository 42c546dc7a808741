import Concurrency
import Foundation

/// What the process's surroundings say: environment variables, and where the program lies.
struct Environment {
    let variables: [String: String]
    let executable: URL

    static var current: Environment {
        Environment(
            variables: ProcessInfo.processInfo.environment,
            executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())
    }

    /// What is in force: a flag before `SWITCHBACK_…`, before the default.
    func merged(models: [String], threads: Int?, instructionSet: String?) throws -> Settings {
        Settings(
            models: models.isEmpty ? try self.models : models,
            threads: try number(threads, "threads", in: 1...1024, ComputePool.availableCores),
            instructionSet: instructionSet ?? text("SWITCHBACK_INSTRUCTION_SET"))
    }

    struct Settings: Equatable {
        let models: [String]
        let threads: Int
        let instructionSet: String?
    }

    /// The model folders: configured, else beside the executable, else in the source tree it was built in.
    private var models: [String] {
        get throws {
            if let configured = text("SWITCHBACK_MODELS") {
                return configured.split(separator: ":").map(String.init)
            }
            if let found = folder(named: "Models") { return [found] }
            throw Failure(
                "no models: there is no folder 'Models' beside \(executable.path) or above it; name one with --models")
        }
    }

    /// The reference cases that `selftest` runs.
    var referenceCases: String {
        get throws {
            guard let found = folder(named: "Tests/Fixtures/reference/cases") else {
                throw Failure(
                    "there are no reference cases beside \(executable.path) or above it; name them with --cases")
            }
            return found
        }
    }

    /// The nearest folder of that name beside the executable or above it.
    private func folder(named name: String) -> String? {
        var parent = executable.deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = parent.appendingPathComponent(name).path
            if (try? FileManager.default.contentsOfDirectory(atPath: candidate)) != nil { return candidate }
            parent = parent.deletingLastPathComponent()
        }
        return nil
    }

    /// The variable `name`; nil where it is unset or empty.
    func text(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The setting `name` (a flag without its dashes): the flag, else its variable, else the default.
    ///
    /// - Throws: a failure that names whichever of the two is outside `range`.
    func number<Number: Comparable & LosslessStringConvertible>(
        _ flag: Number?, _ name: String, in range: ClosedRange<Number>, _ standard: Number
    ) throws -> Number {
        let variable = "SWITCHBACK_" + name.uppercased().replacing("-", with: "_")
        let allowed = "\(range.lowerBound) to \(range.upperBound)"
        if let flag {
            guard range.contains(flag) else { throw Failure("--\(name) cannot be '\(flag)'; allowed: \(allowed)") }
            return flag
        }
        guard let text = text(variable) else { return standard }
        guard let number = Number(text), range.contains(number) else {
            throw Failure("\(variable) cannot be '\(text)'; allowed: \(allowed)")
        }
        return number
    }
}
