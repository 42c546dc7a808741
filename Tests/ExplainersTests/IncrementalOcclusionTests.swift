import Explainers
import Imaging
import Kernels
import Models
import Networks
import Tensors
import TestSupport
import Testing

/// Occlusion follows only what the patch reaches, with the bits of a plain pass over each occluded image.
@Suite struct IncrementalOcclusionTests {
    /// Patches from one pixel to more than the whole image, which hang over the border at the first and last positions.
    static let patches = [(1, 7), (2, 9), (5, 6), (11, 13), (24, 16), (1000, 40)]

    @Test(arguments: ReferenceCase.small, patches)
    func everyPositionHasTheBitsOfAPlainPass(_ name: String, _ patch: (Int, Int)) throws {
        try check(ReferenceCase(name), patch: patch.0, stride: patch.1, sets: InstructionSet.available)
    }

    @Test(arguments: [(1, 75), (32, 40), (60, 90), (300, 150)])
    func soHasTheEmbeddedModel(_ patch: (Int, Int)) throws {
        try check(ReferenceCase(ReferenceCase.embedded), patch: patch.0, stride: patch.1, sets: [.best])
    }

    @Test func soHasTheEmbeddedModelFromOtherInstructions() throws {
        let slower = InstructionSet.available.filter { $0 != .best && $0 != .scalar }
        try check(ReferenceCase(ReferenceCase.embedded), patch: 40, stride: 110, sets: slower)
    }

    /// Compares all maps with those of plain passes, on several threads, in shards of several sizes.
    private func check(_ reference: ReferenceCase, patch: Int, stride: Int, sets: [InstructionSet]) throws {
        let options = OcclusionOptions(patch: patch, stride: stride, fill: [0.5], of: .logit, target: .all)
        let explainer = try OcclusionExplainer(model: reference.model, input: reference.input, options: options)
        let expected = try plain(reference, explainer.grid)
        for set in sets {
            for threads in set == .scalar ? [2] : [1, 2, 4] {
                let found = try explainer.explanation(threads: threads, KernelContext(instructionSet: set))
                #expect(found.occluded.isIdentical(to: expected.logits), "\(set), \(threads) threads")
                #expect(found.activity.map.isIdentical(to: expected.activity), "\(set), \(threads) threads")
            }
        }
        for size in [1, 2, 5] {
            let shards = Shard.plan(items: explainer.grid.count, size: size)
            #expect(try explainer.explanation(shards: shards).occluded.isIdentical(to: expected.logits))
        }
    }

    /// Logits [classes, rows, columns] and the activity of the strongest map, a plain pass a position.
    private func plain(_ reference: ReferenceCase, _ grid: OcclusionGrid) throws -> (logits: Tensor, activity: Tensor) {
        let network = reference.model.network
        let layer = network.defaultLayer
        let input = reference.input.tensor
        let unoccluded = try ForwardPass.run(network, input, keeping: .trace, context: KernelContext())
        let map = unoccluded.activation(layer).strongestChannel(image: 0)
        var logits = Tensor(shape: [network.classes, grid.rows, grid.columns])
        var activity = Tensor(shape: [grid.rows, grid.columns])
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let occluded = input.filled(grid.rectangle(row: row, column: column), with: 0.5)
                let trace = try ForwardPass.run(
                    network, occluded, keeping: .layers([layer.index]), context: KernelContext())
                for index in 0..<network.classes { logits[index, row, column] = trace.logits[0, index] }
                activity[row, column] = trace.activation(layer).sum(image: 0, channel: map)
            }
        }
        return (logits, activity)
    }
}

extension Tensor {
    /// An input [1, C, H, W] or [C, H, W] with a rectangle of every channel set to a value.
    fileprivate func filled(_ rectangle: PixelRectangle, with value: Float) -> Tensor {
        var filled = shape.rank == 4 ? slice(0) : self
        for channel in 0..<filled.shape[0] {
            for y in rectangle.y0..<rectangle.y1 {
                for x in rectangle.x0..<rectangle.x1 { filled[channel, y, x] = value }
            }
        }
        return filled
    }
}
