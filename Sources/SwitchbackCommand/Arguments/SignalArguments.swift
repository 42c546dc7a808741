import ArgumentParser
import Switchback

/// The rules of a DeconvNet projection.
struct SignalArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Windows that chose the same position: sum, max or last.", valueName: "rule"))
    var overlap: String?

    @Option(help: ArgumentHelp("Start from the unit's own activation, or from one.", valueName: "seed"))
    var seed: String?

    @Option(help: ArgumentHelp("At local response normalisation: identity or gradient.", valueName: "rule"))
    var lrn: String?

    @Option(
        help: ArgumentHelp(
            "At activations a DeconvNet is not defined for: refuse or gradient.", valueName: "rule"))
    var activations: String?

    /// The options given.
    var given: [GivenOption] {
        GivenOption.list([("overlap", overlap), ("seed", seed), ("lrn", lrn), ("activations", activations)])
    }
}
