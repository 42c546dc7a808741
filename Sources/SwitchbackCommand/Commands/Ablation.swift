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
    @OptionGroup(title: "As a job") var job: AsJobArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func validate() throws {
        guard dataset.dataset == nil || !job.isWanted else {
            throw ValidationError(
                """
                --async and --wait take an image. A job over a data set is asked of a service that has it \
                (POST /ablation?dataset=NAME); here '--dataset' is computed at once
                """)
        }
    }

    func run() throws {
        let given = layer.given + GivenOption.list([("target", target)])
        let subject = try ImageOrDataset(image: image, dataset)
        try ExplanationRun(.ablation, subject, given, output, model, job: job).run()
    }
}
