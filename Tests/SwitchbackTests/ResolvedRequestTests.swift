import Concurrency
import Foundation
import Models
import Switchback
import TestSupport
import Testing

/// Requests with everything spelled out: one spelling for one meaning.
struct ResolvedRequestTests {
    private static let engine = Result {
        let folders = ["Models", "Tests/Fixtures/reference/cases"].map { Fixtures.root.appendingPathComponent($0).path }
        return try ExplanationEngine(
            library: ModelLibrary(directories: folders, defaultName: "squeezenet1.1"), pool: ComputePool(threads: 1))
    }

    private func resolved(_ kind: ExplanationKind, _ query: String) throws -> ResolvedRequest {
        let given = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return GivenOption(name: parts[0], value: parts[1])
        }
        return try Self.engine.get().resolve(ExplanationRequest(kind, options: given))
    }

    private func text(_ request: ResolvedRequest) -> String {
        request.options.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    @Test(arguments: [
        (ExplanationKind.predict, "", "model=squeezenet1.1&format=json&arrays=base64&top=5"),
        (.predict, "model=zfnet&format=png", "model=zfnet&format=png&view=bars&top=5"),
        (
            .activations, "format=npy&layer=conv1",
            "model=squeezenet1.1&format=npy&array=activations&layer=conv1_relu&feature_map=all"
        ),
        (
            .deconv, "",
            "model=squeezenet1.1&format=json&arrays=base64&layer=fire9_concat&feature_map=strongest&unit=strongest"
                + "&overlap=sum&seed=activation&lrn=identity&activations=refuse"
        ),
        (
            .occlusion, "format=png&view=heatmap&background=none&width=0320&target=tiger cat&fill=127.5,0,-1e20",
            "model=squeezenet1.1&format=png&view=heatmap&width=320&background=none&layer=fire9_concat&target=282"
                + "&overlap=sum&seed=activation&lrn=identity&activations=refuse&patch=32&stride=8"
                + "&fill=127.5,0.0,-1e+20&of=probability"
        ),
        (
            .occlusion, "model=zfnet&patch=21&of=logit&target=all",
            "model=zfnet&format=json&arrays=base64&layer=pool5&target=all&overlap=sum&seed=activation&lrn=identity"
                + "&activations=refuse&patch=21&stride=5&of=logit"
        ),
        (
            .ablation, "feature_map=07,3 5&target=285",
            "model=squeezenet1.1&format=json&arrays=base64&layer=fire9_concat&feature_map=7,3+5&target=285"
        ),
    ])
    func spellOutWhatTheModelTells(kind: ExplanationKind, query: String, expected: String) throws {
        let request = try resolved(kind, query)
        #expect(text(request) == expected)
        #expect(try text(resolved(kind, text(request))) == expected)
    }

    @Test func areTheSameForEverySpelling() throws {
        let spellings = ["layer=fire9", "layer=fire9_concat", "", "unit=strongest", "format=json&overlap=sum"]
        #expect(try Set(spellings.map { try text(resolved(.deconv, $0)) }).count == 1)
    }

    @Test func saveNoErrorOfTheModelForLater() {
        for (kind, query) in [
            (ExplanationKind.deconv, "layer=nosuch"), (.occlusion, "target=nosuch"), (.predict, "model=nosuch"),
        ] {
            #expect(throws: SwitchbackError.self) { try resolved(kind, query) }
        }
    }

    @Test(arguments: [
        ("top=1001", "top"), ("top=5", nil),
    ])
    func areCheckedWithoutAPass(query: String, option: String?) throws {
        let picture = try Data(contentsOf: Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png"))
        let request = try resolved(.predict, query)
        do {
            try Self.engine.get().check(request, about: .encoded([UInt8](picture)))
            #expect(option == nil)
        } catch let error as SwitchbackError {
            #expect(error.option == option)
        }
    }

    @Test func areCheckedAgainstTheLimitOfCost() throws {
        let picture = try Data(contentsOf: Fixtures.root.appendingPathComponent("Documentation/Pictures/chelsea.png"))
        let request = try resolved(.occlusion, "patch=64&stride=1")
        #expect {
            try Self.engine.get().check(request, about: .encoded([UInt8](picture)))
        } throws: { error in
            if case .tooCostly? = error as? SwitchbackError { true } else { false }
        }
    }
}
