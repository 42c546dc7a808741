import ArgumentParser
import Switchback

/// `switchback selftest`.
struct Selftest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the bundled reference cases on this machine.",
        discussion: """
            Each case was computed by a plain PyTorch program; logits, projections, heatmaps and deltas must agree to the \
            tolerances stated with the cases. Ends with 1 if one does not.

            EXAMPLES
              switchback selftest
              switchback selftest --instruction-set scalar
            """)

    @Option(
        help: ArgumentHelp(
            "The folder of cases; the source tree's own unless told.", valueName: "dir"), completion: .directory)
    var cases: String?
    @Flag(help: "Name every check, not only those that fail.") var verbose = false
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let folder = try cases ?? Environment.current.referenceCases
        let checks = try ReferenceCheck.all(in: folder)
        let engine = try model.engine(
            limits: EngineLimits(maximumExplanationBytes: .max, maximumMultiplyAdds: .infinity), furtherModels: [folder]
        )
        let sink = OutputSink(path: nil)
        let bar = ProgressBar(title: "selftest")
        var failures = 0
        for (index, check) in checks.enumerated() {
            bar.show(done: index, total: checks.count)
            let problem = try check.problem(with: engine)
            failures += problem == nil ? 0 : 1
            guard problem != nil || verbose else { continue }
            bar.clear()
            try sink.write([UInt8]("\(problem == nil ? "ok    " : "FAILED") \(check.name) \(problem ?? "")\n".utf8))
        }
        bar.clear()
        let summary = "\(checks.count - failures) of \(checks.count) checks agree (\(engine.instructionSet) kernels)\n"
        try sink.write([UInt8](summary.utf8))
        if failures > 0 { throw ExitCode(1) }
    }
}
