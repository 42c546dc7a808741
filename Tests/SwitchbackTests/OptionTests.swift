import Switchback
import Testing

/// Options as people write them, and what they are told when they write them wrong.
struct OptionTests {
    private func request(
        _ kind: ExplanationKind, _ options: KeyValuePairs<String, String>, accepted: OutputFormat? = nil
    ) throws -> ExplanationRequest {
        try ExplanationRequest(
            kind, options: options.map { GivenOption(name: $0.key, value: $0.value) }, acceptedFormat: accepted)
    }

    private func message(_ kind: ExplanationKind, _ options: KeyValuePairs<String, String>) -> String {
        do {
            _ = try request(kind, options)
            return "taken"
        } catch {
            return "\(error)"
        }
    }

    @Test func takesDefaultsWhereNothingIsGiven() throws {
        let output = try request(.occlusion, [:]).output
        #expect(output.format == .json)
        #expect(output.arrays == .base64)
        #expect(output.view == "overlay")
        #expect(output.array == "delta")
        #expect(output.width == nil)
    }

    @Test func prefersTheOptionToTheAcceptedFormat() throws {
        #expect(try request(.predict, ["format": "npy"], accepted: .png).output.format == .npy)
        #expect(try request(.predict, [:], accepted: .png).output.format == .png)
    }

    @Test func namesAnUnknownOptionAndTheNearestKnownOne() {
        let text = message(.occlusion, ["strid": "8"])
        #expect(text.contains("no option 'strid' for occlusion. Did you mean 'stride'?"))
        #expect(text.contains("patch, stride, fill"))
    }

    @Test func refusesAnOptionOfAnotherRoute() {
        #expect(message(.predict, ["patch": "8"]).contains("no option 'patch' for predict"))
    }

    @Test func refusesAnOptionGivenTwice() {
        #expect(
            throws: SwitchbackError.repeatedOption(name: "layer")
        ) { try request(.deconv, ["layer": "fire9", "layer": "fire8"]) }
    }

    @Test func refusesAnOptionThatGoesWithAnotherFormat() {
        #expect(
            throws: SwitchbackError.misplacedOption(name: "view", goesWith: .png, asked: .json)
        ) { try request(.deconv, ["view": "pair"]) }
    }

    @Test(arguments: ["0", "-1", "+8", "8.0", "8e0", "", " 8", "eight", "99999999999999999999"])
    func refusesAPatchThatIsNoWholePositiveNumber(value: String) {
        #expect(message(.occlusion, ["patch": value]).contains("allowed: a whole number from 1"))
    }

    @Test(arguments: ["", "x", "7,", ",7", "7,,9", "top:", "top:0", "top:x", "3+5", "-1", "7 9"])
    func refusesMalformedFeatureMaps(value: String) {
        #expect(message(.deconv, ["feature_map": value]).contains("strongest, all, top:9"))
    }

    @Test(arguments: ["strongest", "all", "7", "7,9", "top:9"])
    func takesFeatureMaps(value: String) throws {
        _ = try request(.deconv, ["feature_map": value])
    }

    @Test(arguments: ["3+5", "3+5,7", "7,9", "top:2"])
    func takesGroupsForAblation(value: String) throws {
        _ = try request(.ablation, ["feature_map": value])
    }

    @Test(arguments: ["3+", "+3", "3++5", "3+5,,7"])
    func refusesMalformedGroups(value: String) {
        #expect(message(.ablation, ["feature_map": value]).contains("3+5 (a group removed together)"))
    }

    @Test(arguments: ["3", "3,4,5", "a,b", "3,-4", "centre", ","])
    func refusesMalformedUnits(value: String) {
        #expect(message(.deconv, ["unit": value]).contains("a position y,x"))
    }

    @Test(arguments: ["nan", "inf", "1,,2", "red", ""])
    func refusesFillsThatAreNoFiniteNumbers(value: String) {
        #expect(message(.occlusion, ["fill": value]).contains("one number, or one a channel"))
    }

    @Test(arguments: ["63", "4097", "1e3"])
    func refusesWidthsOutsideTheLimits(value: String) {
        #expect(message(.predict, ["format": "png", "width": value]).contains("64 to 4096"))
    }

    @Test func refusesATransparentPictureOfAnotherView() {
        let text = message(.occlusion, ["format": "png", "view": "figure", "background": "none"])
        #expect(text.contains("view=heatmap"))
    }

    @Test func namesEveryViewOfTheRouteWhereAnotherIsAsked() {
        #expect(message(.deconv, ["format": "png", "view": "figure"]).contains("projection, pair, overlay"))
    }

    @Test func shortensLongValuesInMessages() {
        let text = message(.predict, ["format": String(repeating: "x", count: 10_000)])
        #expect(text.count < 300)
    }

    @Test func listsEveryOptionOnce() {
        let names = OptionDefinition.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(OptionDefinition.all.allSatisfy { !$0.kinds.isEmpty && !$0.values.isEmpty && !$0.summary.isEmpty })
    }
}
