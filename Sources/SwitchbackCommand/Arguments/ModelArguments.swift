import ArgumentParser
import Concurrency
import Foundation
import Models
import Switchback

/// Which models, and how they are run: the flags that every working subcommand takes.
struct ModelArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of model folders (model.onnx with model.json).",
            discussion: "Unless told: $SWITCHBACK_MODELS, else 'Models' beside the program or in its source tree.",
            valueName: "dir"))
    var models: [String] = []

    @Option(help: ArgumentHelp("Compute threads; as many as the cores allowed unless told.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Kernels to use: avx512, avx2, neon or scalar. All give the same bits; unless told the fastest there is.",
            valueName: "name"))
    var instructionSet: String?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("option '--threads' cannot be '\(threads)'; allowed: 1 to 1024")
        }
    }

    /// The engine that these flags and the environment describe.
    func engine(
        limits: EngineLimits = EngineLimits(), furtherModels: [String] = [], defaultModel: String? = nil
    ) throws -> ExplanationEngine {
        let settings = try Environment.current.merged(models: models, threads: threads, instructionSet: instructionSet)
        let library = try ModelLibrary(directories: settings.models + furtherModels, defaultName: defaultModel)
        return try ExplanationEngine(
            library: library, pool: ComputePool(threads: settings.threads), limits: limits,
            instructionSet: settings.instructionSet)
    }
}
