import ArgumentParser
import Switchback

/// `switchback predict`.
struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The most probable classes.",
        discussion: """
            EXAMPLES
              switchback predict cat.jpg
              switchback predict cat.jpg --top 10 --format json
              switchback predict cat.jpg --array logits -o logits.npy
            """)

    @OptionGroup var image: ImageArgument
    @Option(help: ArgumentHelp("How many classes; 5 unless told.", valueName: "n")) var top: String?
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        try ExplanationRun(.predict, image, GivenOption.list([("top", top)]), output, model).run()
    }
}

/// `switchback activations`.
struct Activations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The feature maps of one layer.",
        discussion: """
            EXAMPLES
              switchback activations cat.jpg --layer conv1 -o maps.png
              switchback activations cat.jpg --layer fire9 --array activations -o fire9.npy
            """)

    @OptionGroup var image: ImageArgument
    @OptionGroup var layer: LayerArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws { try ExplanationRun(.activations, image, layer.given, output, model).run() }
}

/// `switchback deconv`.
struct Deconv: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "DeconvNet projections of units down to the pixels.",
        discussion: """
            EXAMPLES
              switchback deconv cat.jpg --layer fire9 -o projection.png
              switchback deconv cat.jpg --layer fire5 --feature-map top:9 --view pair -o pairs.png
              switchback deconv cat.jpg --layer conv1 --feature-map 7 --unit 10,12 --format json
            """)

    @OptionGroup var image: ImageArgument
    @OptionGroup var layer: LayerArguments
    @Option(help: ArgumentHelp("The unit: strongest, y,x or map (all of it).", valueName: "unit")) var unit: String?
    @OptionGroup(title: "Rules") var rules: SignalArguments
    @OptionGroup(title: "As a job") var job: AsJobArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let given = layer.given + GivenOption.list([("unit", unit)]) + rules.given
        try ExplanationRun(.deconv, image, given, output, model, job: job).run()
    }
}
