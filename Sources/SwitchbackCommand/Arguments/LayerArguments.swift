import ArgumentParser
import Switchback

/// Which layer and which of its feature maps.
struct LayerArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The layer; the last one with height and width below the classifier unless told.", valueName: "name"))
    var layer: String?

    @Option(
        help: ArgumentHelp(
            "Feature maps: strongest, 7, 7,9, top:9 or all; for ablation also 3+5 (removed together).",
            valueName: "maps"))
    var featureMap: String?

    /// The options given.
    var given: [GivenOption] { GivenOption.list([("layer", layer), ("feature_map", featureMap)]) }
}
