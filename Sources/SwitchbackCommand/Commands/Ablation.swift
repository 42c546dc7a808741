import ArgumentParser
import Switchback

/// `switchback ablation`.
struct Ablation: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What changes when feature maps are set to zero: the answer about an image, or the accuracy on many.",
        discussion: """
            EXAMPLES
              switchback ablation cat.jpg --layer fire9
              switchback ablation cat.jpg --layer fire9 --feature-map 3+5,7 --target 281
              switchback ablation cat.jpg --layer fire9 --view ranking -o ranking.png
              switchback ablation --dataset photos --labels labels.csv --layer fire9
            """)

    @Argument(
        help: ArgumentHelp(
            "A JPEG, PNG or WebP file, or an NPY file with the network's input; '-' reads standard input.",
            valueName: "image"),
        completion: .file())
    var image: String?
    @OptionGroup var layer: LayerArguments
    @Option(help: ArgumentHelp("The class: an index, a label or all; the top-1 unless told.", valueName: "class"))
    var target: String?
    @OptionGroup(title: "Many images") var dataset: DatasetArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let given = layer.given + GivenOption.list([("target", target)])
        try ExplanationRun(.ablation, try ImageOrDataset(image: image, dataset), given, output, model).run()
    }
}
