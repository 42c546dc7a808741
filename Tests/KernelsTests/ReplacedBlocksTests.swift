import Kernels
import TestSupport
import Tensors
import Testing

/// Images that differ from one in a few blocks of channels.
struct ReplacedBlocksTests {
    /// Problems of one group, without an addend: those that sums of blocks are taken apart for.
    private static let problems = ConvolutionProblem.all.filter { $0.groups == 1 }.map { problem in
        var problem = problem
        (problem.images, problem.isAdded) = (1, false)
        return problem
    }

    /// Channels to remove from each image: none, single ones, some of one block and of several, all.
    private func lists(_ channels: Int) -> [[Int]] {
        let last = channels - 1
        return [[], [0], [last], [0, last], [last / 2], [0], Array(0..<channels), [last / 3, last / 2], []]
    }

    private func replaced(_ problem: ConvolutionProblem, _ context: KernelContext) -> ReplacedBlocks {
        ReplacedBlocks(BlockedMaps(problem.inputTensor), removing: lists(problem.inputs), context)
    }

    private func zeroed(_ problem: ConvolutionProblem) -> BlockedMaps {
        let base = BlockedMaps(problem.inputTensor)
        return BlockedMaps.stacked(lists(problem.inputs).map { base.zeroing(channels: $0) })
    }

    private func forward(_ problem: ConvolutionProblem, _ context: KernelContext) -> BlockedMaps {
        Convolution.forward(
            replaced(problem, context), problem.weights, activation: problem.activation, context)
    }

    private func plain(_ problem: ConvolutionProblem) -> BlockedMaps {
        Convolution.forward(zeroed(problem), problem.weights, activation: problem.activation, best)
    }

    @Test(arguments: problems) func wholeImagesHaveTheChannelsRemoved(_ problem: ConvolutionProblem) {
        #expect(replaced(problem, best).whole(best).isIdentical(to: zeroed(problem)))
    }

    @Test(arguments: problems) func aConvolutionHasTheBitsOfThatOfWholeImages(_ problem: ConvolutionProblem) {
        let expected = plain(problem)
        for variant in fastVariants + [.scalar] {
            #expect(forward(problem, context(variant)).isIdentical(to: expected), "\(variant)")
        }
    }

    @Test(arguments: [2, 3]) func threadsDoNotChangeABit(_ threads: Int) throws {
        try withThreads(threads) { context in
            for problem in Self.problems {
                #expect(forward(problem, context).isIdentical(to: plain(problem)), "\(problem)")
            }
        }
    }

    /// Larger than what a thread computes at a time, so that parts of rows and of output blocks meet.
    @Test func largeMapsAreComputedInParts() throws {
        let problem = ConvolutionProblem(
            inputs: 200, outputs: 150, height: 40, width: 37, geometry: WindowGeometry(kernel: 3, pad: 1),
            activation: .relu)
        try withThreads(3) { context in
            #expect(forward(problem, context).isIdentical(to: plain(problem)))
        }
    }

    @Test(arguments: [(40, 3, 5, 70), (7, 1, 1, 9), (64, 1, 1, 33)])
    func aDenseLayerHasTheBitsOfThatOfWholeImages(_ channels: Int, _ height: Int, _ width: Int, _ outputs: Int) {
        let weights = InnerProductWeights(
            weights: randomTensor(shape: [outputs, channels * height * width], seed: 5),
            bias: randomTensor(shape: [outputs], seed: 6), channels: channels, height: height, width: width)
        let base = BlockedMaps(randomTensor(shape: [1, channels, height, width], seed: 7))
        let lists = lists(channels)
        let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
        let found = InnerProduct.forward(
            ReplacedBlocks(base, removing: lists, best), weights, activation: .relu, best)
        #expect(found.isIdentical(to: InnerProduct.forward(whole, weights, activation: .relu, best)))
    }

    @Test(arguments: [(40, 3, 5), (16, 2, 2), (9, 1, 1), (20, 3, 3), (33, 6, 6)])
    func vectorsHaveTheValuesOfWholeImages(_ channels: Int, _ height: Int, _ width: Int) {
        let base = BlockedMaps(randomTensor(shape: [1, channels, height, width], seed: 9))
        let lists = lists(channels)
        let replaced = ReplacedBlocks(base, removing: lists, best)
        let found = replaced.flattened(base: Flattening.forward(base, best), best)
        let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
        #expect(found.whole(best).isIdentical(to: Flattening.forward(whole, best)))
        // An image with nothing removed has nothing of its own.
        #expect(found.places.allSatisfy { !lists[$0.image].isEmpty })
    }

    @Test func silentChannelsAreZeroEverywhere() {
        var tensor = randomTensor(shape: [1, 20, 3, 4], seed: 8)
        for pixel in 0..<12 {
            tensor[flat: 2 * 12 + pixel] = 0
            tensor[flat: 17 * 12 + pixel] = -0.0
            if pixel != 11 { tensor[flat: 19 * 12 + pixel] = 0 }
        }
        #expect(BlockedMaps(tensor).silentChannels(image: 0).enumerated().filter(\.element).map(\.offset) == [2, 17])
    }
}
