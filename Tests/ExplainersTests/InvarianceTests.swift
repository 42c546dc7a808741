import Explainers
import Kernels
import Models
import Networks
import Tensors
import Testing

/// The same bits however the work is cut, by how many threads and with which instructions it is done.
@Suite struct InvarianceTests {
    private static let networks = ReferenceCase.small

    /// Ways to cut a plan: one item each, all at once, uneven and handed in backwards.
    private static func cuts(items: Int) -> [[Shard]] {
        [
            Shard.plan(items: items, size: 1), Shard.plan(items: items, size: items),
            Shard.plan(items: items, size: 3).reversed(),
        ]
    }

    @Test(arguments: networks)
    func projectionsDoNotDependOnTheCut(_ name: String) throws {
        let reference = try ReferenceCase(name)
        let explainer = try DeconvNetExplainer(model: reference.model, input: reference.input, featureMaps: .all)
        let whole = try explainer.explanation()
        for shards in Self.cuts(items: whole.projections.count) {
            #expect(bits(try explainer.explanation(shards: shards)) == bits(whole))
        }
    }

    @Test(arguments: networks)
    func occlusionDoesNotDependOnTheCut(_ name: String) throws {
        let reference = try ReferenceCase(name)
        for target in [Target.strongest, .all] {
            let options = OcclusionOptions(patch: 11, stride: 13, fill: [0.5], target: target)
            let explainer = try OcclusionExplainer(model: reference.model, input: reference.input, options: options)
            let whole = try explainer.explanation()
            for shards in Self.cuts(items: explainer.grid.count) {
                #expect(bits(try explainer.explanation(shards: shards)) == bits(whole))
            }
        }
    }

    @Test(arguments: networks)
    func ablationDoesNotDependOnTheCut(_ name: String) throws {
        let reference = try ReferenceCase(name)
        let explainer = try AblationExplainer(model: reference.model, input: reference.input)
        let whole = try explainer.explanation()
        for shards in Self.cuts(items: whole.ablations.count + 1) {
            #expect(bits(try explainer.explanation(shards: shards)) == bits(whole))
        }
    }

    @Test(arguments: networks)
    func nothingDependsOnThreadsOrInstructions(_ name: String) throws {
        let reference = try ReferenceCase(name)
        let (model, input) = (reference.model, reference.input)
        let options = DeconvNetOptions(overlap: .max, lrn: .gradient)
        let deconv = try DeconvNetExplainer(model: model, input: input, featureMaps: .all, options: options)
        let occlusion = try OcclusionExplainer(
            model: model, input: input, options: OcclusionOptions(patch: 9, stride: 16))
        let ablation = try AblationExplainer(model: model, input: input)
        let prediction = try PredictionExplainer(model: model, input: input, top: 3)
        let expected = (
            bits(try deconv.explanation()), bits(try occlusion.explanation()), bits(try ablation.explanation()),
            bits(try prediction.explanation())
        )
        for set in InstructionSet.available {
            let context = KernelContext(instructionSet: set)
            for threads in set == .best ? [1, 2, 4] : [2] {
                #expect(bits(try deconv.explanation(threads: threads, context)) == expected.0)
                #expect(bits(try occlusion.explanation(threads: threads, context)) == expected.1)
                #expect(bits(try ablation.explanation(threads: threads, context)) == expected.2)
                #expect(bits(try prediction.explanation(threads: threads, context)) == expected.3)
            }
        }
    }

    @Test func theEmbeddedModelDoesNotDependOnThreadsOrInstructions() throws {
        let reference = try ReferenceCase(ReferenceCase.embedded)
        let explainer = try DeconvNetExplainer(
            model: reference.model, input: reference.input, featureMaps: .top(3), unit: .map)
        let expected = bits(try explainer.explanation())
        for set in InstructionSet.available {
            let found = try explainer.explanation(threads: 2, KernelContext(instructionSet: set))
            #expect(bits(found) == expected)
        }
    }

    @Test(arguments: networks)
    func ablationEqualsAWholePassWithTheMapRemoved(_ name: String) throws {
        let reference = try ReferenceCase(name)
        let layer = reference.model.network.defaultLayer
        let found = try AblationExplainer(model: reference.model, input: reference.input).explanation()
        for map in 0..<layer.featureMaps {
            let whole = try wholePass(reference, removing: [map], of: layer)
            #expect(found.logits.slice(map).isIdentical(to: whole.slice(0)))
        }
    }
}
