import Explainers
import Models
import Networks
import Tensors
import Testing

/// Options that do not fit the model are refused before anything is computed.
@Suite struct OptionTests {
    private let zfnet: ReferenceCase

    init() throws { zfnet = try ReferenceCase("zfnet") }

    private func deconv(
        layer: String? = nil, featureMaps: FeatureMapSelection = .strongest, unit: UnitSelection = .strongest
    ) throws -> DeconvNetExplainer {
        try DeconvNetExplainer(
            model: zfnet.model, input: zfnet.input, layer: layer, featureMaps: featureMaps, unit: unit)
    }

    private func occlusion(_ options: OcclusionOptions) throws -> OcclusionExplainer {
        try OcclusionExplainer(model: zfnet.model, input: zfnet.input, options: options)
    }

    private func ablation(_ options: AblationOptions) throws -> AblationExplainer {
        try AblationExplainer(model: zfnet.model, input: zfnet.input, options: options)
    }

    @Test func refusesALayerThatIsNotThere() {
        for make in [
            { _ = try self.deconv(layer: "conv9") }, { _ = try self.occlusion(OcclusionOptions(layer: "conv9")) },
            { _ = try self.ablation(AblationOptions(layer: "conv9")) },
            { _ = try ActivationsExplainer(model: self.zfnet.model, input: self.zfnet.input, layer: "conv9") },
        ] {
            #expect {
                try make()
            } throws: { error in
                guard case NetworksError.unknownLayer(let name, _) = error else { return false }
                return name == "conv9"
            }
        }
    }

    @Test func refusesFeatureMapsThatAreNotThere() {
        let error = ExplainersError.featureMap(8, layer: "conv1_relu", count: 8)
        #expect(throws: error) { try deconv(layer: "conv1", featureMaps: .maps([0, 8])) }
        #expect(throws: error) { try ablation(AblationOptions(layer: "conv1", removals: .groups([[1], [2, 8]]))) }
        #expect(throws: ExplainersError.featureMap(-1, layer: "conv1_relu", count: 8)) {
            try deconv(layer: "conv1", featureMaps: .maps([-1]))
        }
    }

    @Test func refusesTheTopOfMoreThanThereAre() {
        let what = "feature maps of 'conv1_relu'"
        for count in [0, 9, -1] {
            #expect(throws: ExplainersError.top(count, allowed: 8, of: what)) {
                try deconv(layer: "conv1", featureMaps: .top(count))
            }
            #expect(throws: ExplainersError.top(count, allowed: 8, of: what)) {
                try ablation(AblationOptions(layer: "conv1", removals: .top(count)))
            }
        }
        #expect(throws: ExplainersError.top(11, allowed: 10, of: "classes")) {
            try PredictionExplainer(model: zfnet.model, input: zfnet.input, top: 11)
        }
    }

    @Test func refusesEmptyAndRepeatingLists() {
        #expect(throws: ExplainersError.noFeatureMaps) { try deconv(featureMaps: .maps([])) }
        #expect(throws: ExplainersError.noFeatureMaps) { try ablation(AblationOptions(removals: .groups([]))) }
        #expect(throws: ExplainersError.noFeatureMaps) { try ablation(AblationOptions(removals: .groups([[1], []]))) }
        #expect(throws: ExplainersError.repeatedFeatureMap(2)) { try deconv(featureMaps: .maps([2, 1, 2])) }
        #expect(throws: ExplainersError.repeatedFeatureMap(3)) {
            try ablation(AblationOptions(removals: .groups([[3, 3]])))
        }
    }

    @Test func oneFeatureMapMayBeInSeveralGroups() throws {
        _ = try ablation(AblationOptions(removals: .groups([[1], [1, 2]])))
    }

    @Test func refusesUnitsOutsideTheLayer() {
        // pool5 is 12 maps of 2 × 3.
        for unit in [UnitPosition(y: 2, x: 0), UnitPosition(y: 0, x: 3), UnitPosition(y: -1, x: 0)] {
            #expect(throws: ExplainersError.unit(unit, layer: "pool5", height: 2, width: 3)) {
                try deconv(layer: "pool5", unit: .position(unit))
            }
        }
        let unit = UnitPosition(y: 0, x: 0)
        #expect(throws: ExplainersError.unitOfDenseLayer(unit, layer: "fc7")) {
            try deconv(layer: "fc7", unit: .position(unit))
        }
    }

    @Test func refusesPatchesAndStridesBelowOne() {
        #expect(throws: ExplainersError.patch(0)) { try occlusion(OcclusionOptions(patch: 0)) }
        #expect(throws: ExplainersError.stride(-2)) { try occlusion(OcclusionOptions(stride: -2)) }
    }

    @Test func refusesFillsOfTheWrongCount() {
        #expect(throws: ExplainersError.fillCount(2, channels: 3)) { try occlusion(OcclusionOptions(fill: [1, 2])) }
        #expect(throws: ExplainersError.fillCount(0, channels: 3)) { try occlusion(OcclusionOptions(fill: [])) }
        #expect(throws: ExplainersError.fillValue(index: 1)) {
            try occlusion(OcclusionOptions(fill: [1, .infinity, 2]))
        }
    }

    @Test func refusesClassesThatAreNotThere() {
        for index in [-1, 10] {
            #expect(throws: ExplainersError.classIndex(index, count: 10)) {
                try occlusion(OcclusionOptions(target: .index(index)))
            }
            #expect(throws: ExplainersError.classIndex(index, count: 10)) {
                try ablation(AblationOptions(target: .index(index)))
            }
        }
        #expect {
            try occlusion(OcclusionOptions(target: .label("zebra")))
        } throws: { error in
            guard case ModelsError.unknownClass(let text, _, _) = error else { return false }
            return text == "zebra"
        }
    }

    @Test func patchAndStrideFollowTheInput() throws {
        // The input is 111 × 143.
        #expect(try occlusion(OcclusionOptions()).grid.patch == 15)
        #expect(try occlusion(OcclusionOptions()).grid.stride == 3)
        #expect(try occlusion(OcclusionOptions(patch: 3)).grid.stride == 1)
        #expect(try occlusion(OcclusionOptions(patch: 40)).grid.stride == 10)
    }

    @Test func theDefaultLayerIsTheLastWithPositions() throws {
        #expect(try deconv().explanation().layer == "pool5")
        #expect(try ablation(AblationOptions()).explanation().layer == "pool5")
        #expect(try occlusion(OcclusionOptions(stride: 200)).explanation().activity.layer == "pool5")
    }
}
