import Explainers
import Testing

@Suite struct ExplainersErrorTests {
    @Test(arguments: [
        (
            ExplainersError.featureMap(600, layer: "fire9_concat", count: 512),
            "no feature map 600 in 'fire9_concat'; it has 0 … 511"
        ),
        (.featureMap(1, layer: "conv1", count: 1), "no feature map 1 in 'conv1'; it has 0 only"),
        (.repeatedFeatureMap(7), "feature map 7 is named twice"),
        (.noFeatureMaps, "no feature map is named; at least one is needed"),
        (
            .top(0, allowed: 512, of: "feature maps of 'fire9_concat'"),
            "top 0 feature maps of 'fire9_concat' is not possible; allowed are 1 … 512"
        ),
        (
            .unit(UnitPosition(y: 14, x: 0), layer: "fire9_concat", height: 13, width: 14),
            "no unit 14,0 in 'fire9_concat'; y is 0 … 12 and x is 0 … 13"
        ),
        (
            .unitOfDenseLayer(UnitPosition(y: 0, x: 1), layer: "fc6"),
            "'fc6' has no positions, so there is no unit 0,1; leave the unit out"
        ),
        (.patch(0), "a patch of 0 pixels is not possible; it is at least 1"),
        (.stride(-3), "a stride of -3 pixels is not possible; it is at least 1"),
        (.fillCount(2, channels: 3), "a fill of 2 numbers is not possible; it is one number, or 3"),
        (.fillCount(2, channels: 1), "a fill of 2 numbers is not possible; it is one number"),
        (.fillValue(index: 1), "number 2 of the fill is not finite"),
        (.classIndex(1000, count: 1000), "no class 1000; the model has 0 … 999"),
        (.notFinite("the activity of 'pool5'"), "the activity of 'pool5' is not a finite number"),
    ])
    func saysWhatIsWrongAndWhatIsAllowed(error: ExplainersError, words: String) {
        #expect(error.description == words)
    }

    @Test func onlyAResultWithoutANumberIsARefusal() {
        #expect(ExplainersError.notFinite("it").isRefusal)
        #expect(!ExplainersError.patch(0).isRefusal)
    }
}
