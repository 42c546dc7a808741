import ArgumentParser
import Switchback

/// `switchback top-images`.
struct TopImages: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The nine images of a data set that excite a feature map most, with projections.",
        discussion: """
            EXAMPLES
              switchback top-images --dataset photos --layer fire9 -o figure.png
              switchback top-images --dataset photos --layer fire5 --feature-map top:6 -o figure.png
              switchback top-images --dataset photos --layer conv1 --feature-map 7,9 --format json
            """)

    @OptionGroup var dataset: DatasetArguments
    @OptionGroup var layer: LayerArguments
    @OptionGroup(title: "Rules of the projections") var rules: SignalArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func validate() throws {
        if dataset.dataset == nil {
            throw ValidationError("'--dataset' is missing: the folder whose images are looked at")
        }
    }

    func run() throws {
        try ExplanationRun(
            .topImages, try ImageOrDataset(image: nil, dataset), layer.given + rules.given, output, model
        ).run()
    }
}
