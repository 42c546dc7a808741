import ArgumentParser
import Concurrency
import Foundation
import Models
import Switchback

/// Which models, and how they are run: the flags that every working subcommand takes.
struct ModelArguments: SettingArguments {
    @Option(help: .setting("models"), completion: .directory) var models: [String] = []
    @Option(help: .setting("threads")) var threads: String?
    @Option(help: .setting("instruction-set"), completion: .list(["avx512", "avx2", "neon", "scalar"]))
    var instructionSet: String?

    /// The engine that these flags and the environment describe; the YAML file is the service's alone.
    func engine(limits: EngineLimits, furtherModels: [String] = []) throws -> ExplanationEngine {
        var settings = try SettingsReader(
            flags: given, variables: Environment.current.variables, machine: .current
        ).read().values
        settings.models += furtherModels
        settings.engine = limits
        return try settings.makeEngine()
    }
}

extension ServiceSettings {
    /// The engine over the configured models.
    func makeEngine() throws -> ExplanationEngine {
        guard !models.isEmpty else {
            throw Failure(
                """
                no models: there is no folder 'Models' beside \(Environment.current.executable.path) or above it; name \
                one with --models
                """)
        }
        let library = try ModelLibrary(directories: models, defaultName: defaultModel)
        return try ExplanationEngine(
            library: library, pool: ComputePool(threads: threads), limits: engine, instructionSet: instructionSet)
    }
}
