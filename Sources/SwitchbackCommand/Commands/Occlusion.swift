import ArgumentParser
import Switchback

/// `switchback occlusion`.
struct Occlusion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How far the class's probability falls when a patch at each position is hidden.",
        discussion: """
            EXAMPLES
              switchback occlusion cat.jpg -o overlay.png
              switchback occlusion cat.jpg --patch 32 --stride 8 --view figure -o figure.png
              switchback occlusion cat.jpg --stride 1 --wait --data jobs -o heatmap.png
              switchback occlusion cat.jpg --target 281 --of logit --array delta -o delta.npy
            """)

    @OptionGroup var image: ImageArgument
    @Option(help: ArgumentHelp("The patch's side; a seventh of the shorter side unless told.", valueName: "pixels"))
    var patch: String?
    @Option(help: ArgumentHelp("The step; a quarter of the patch unless told.", valueName: "pixels"))
    var stride: String?
    @Option(help: ArgumentHelp("The patch's colour, one number or one a channel; 128 unless told.", valueName: "n"))
    var fill: String?
    @Option(help: ArgumentHelp("probability or logit.", valueName: "what")) var of: String?
    @Option(help: ArgumentHelp("The class: an index, a label or all; the top-1 unless told.", valueName: "class"))
    var target: String?
    @Option(help: ArgumentHelp("The layer whose activity is followed.", valueName: "name")) var layer: String?
    @Option(help: ArgumentHelp("What lies behind a heatmap: opaque or none.", valueName: "what"))
    var background: String?
    @OptionGroup(title: "Rules of the projection") var rules: SignalArguments
    @OptionGroup(title: "As a job") var job: AsJobArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let given =
            GivenOption.list([
                ("patch", patch), ("stride", stride), ("fill", fill), ("of", of), ("target", target), ("layer", layer),
                ("background", background),
            ]) + rules.given
        try ExplanationRun(.occlusion, image, given, output, model, job: job).run()
    }
}
