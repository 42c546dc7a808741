import Kernels
import TestSupport
import Tensors
import Testing

/// Images that differ from one in a few blocks of channels.
struct ReplacedBlocksTests {
    /// Problems of one group without an addend: those that sums of blocks, or in tiles of chains, are taken apart for.
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

    /// Tiles of many chains: images with blocks of their own in one, in some and in all, more of them than are followed
    /// together, in any block of a chain; few tiles, and as many as are computed in parts.
    @Test(arguments: [(200, 150, 9, 13), (65, 16, 30, 26), (520, 33, 5, 4), (1300, 20, 12, 9)])
    func chainsOfTilesHaveTheBitsOfWholeImages(_ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int) throws {
        let problem = ConvolutionProblem(
            inputs: inputs, outputs: outputs, height: height, width: width,
            geometry: WindowGeometry(kernel: 3, pad: 1), activation: .relu, method: .tiled)
        let lists =
            (0..<30).map { [($0 * 37) % inputs] } + (0..<11).map { [$0, ($0 * 91 + 64) % inputs, inputs - 1] }
            + [[], Array(0..<inputs), Array(20..<60), [16, 32, 48]]
        let base = BlockedMaps(problem.inputTensor)
        let weights = problem.weights
        let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
        let expected = Convolution.forward(whole, weights, activation: .relu, best)
        let found = { (context: KernelContext) in
            Convolution.forward(
                ReplacedBlocks(base, removing: lists, context), weights, activation: .relu, context)
        }
        for variant in fastVariants { #expect(found(context(variant)).isIdentical(to: expected), "\(variant)") }
        try withThreads(3) { context in #expect(found(context).isIdentical(to: expected)) }
    }

    /// Maps so large that their tiles are transformed in parts.
    @Test func manyTilesAreTransformedInParts() throws {
        let problem = ConvolutionProblem(
            inputs: 130, outputs: 20, height: 70, width: 66, geometry: WindowGeometry(kernel: 3, pad: 1),
            activation: .elu(alpha: 1), method: .tiled)
        try withThreads(2) { context in
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

    /// Vectors, of which runs of blocks are replaced, with others between them.
    @Test(arguments: [(40, 9), (200, 150), (16, 16), (333, 70)])
    func vectorsHaveTheBitsOfWholeOnes(_ channels: Int, _ outputs: Int) throws {
        let problem = ConvolutionProblem(
            inputs: channels, outputs: outputs, height: 1, width: 1, geometry: WindowGeometry(kernel: 1),
            activation: .relu)
        for variant in fastVariants + [.scalar] {
            #expect(forward(problem, context(variant)).isIdentical(to: plain(problem)), "\(variant)")
        }
        try withThreads(3) { context in #expect(forward(problem, context).isIdentical(to: plain(problem))) }
        var elu = problem
        elu.activation = .elu(alpha: 1)
        #expect(forward(elu, best).isIdentical(to: plain(elu)))
    }

    /// Means of maps that are never made, of images with many zeros and with none.
    @Test(arguments: [
        (40, 9, 3, 5, Activation.relu), (200, 70, 6, 4, .identity), (16, 33, 1, 7, .clip(low: 0, high: 0.5)),
        (75, 100, 13, 13, .relu), (512, 40, 2, 2, .relu),
    ])
    func meansHaveTheBitsOfThoseOfWholeMaps(
        _ channels: Int, _ outputs: Int, _ height: Int, _ width: Int, _ activation: Activation
    ) throws {
        let problem = ConvolutionProblem(
            inputs: channels, outputs: outputs, height: height, width: width, geometry: WindowGeometry(kernel: 1),
            activation: activation)
        for isSparse in [false, true] {
            var tensor = problem.inputTensor
            for index in 0..<tensor.count where isSparse && index % 5 != 0 { tensor[flat: index] = 0 }
            let base = BlockedMaps(tensor)
            let lists = lists(channels)
            let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
            let maps = Convolution.forward(whole, problem.weights, activation: activation, best)
            let expected = GlobalAveragePooling.forward(maps, best)
            let found = { (context: KernelContext) in
                GlobalAveragePooling.forward(
                    convolving: ReplacedBlocks(base, removing: lists, context), problem.weights,
                    activation: activation, context)
            }
            for variant in fastVariants + [.scalar] {
                #expect(found(context(variant)).isIdentical(to: expected), "\(variant)")
            }
            try withThreads(3) { #expect(found($0).isIdentical(to: expected)) }
        }
    }

    /// More positions than are computed at a time.
    @Test func meansOfManyImagesAreFoundInParts() {
        let problem = ConvolutionProblem(
            inputs: 20, outputs: 40, height: 20, width: 17, geometry: WindowGeometry(kernel: 1), activation: .relu)
        let base = BlockedMaps(problem.inputTensor)
        let lists = (0..<40).map { [$0 % 20] }
        let found = GlobalAveragePooling.forward(
            convolving: ReplacedBlocks(base, removing: lists, best), problem.weights, activation: .relu, best)
        let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
        let maps = Convolution.forward(whole, problem.weights, activation: .relu, best)
        #expect(found.isIdentical(to: GlobalAveragePooling.forward(maps, best)))
    }

    /// What is multiplied by zeros may not be left out where a weight is infinite.
    @Test func infiniteWeightsMakeNaNOfZeros() {
        var tensor = randomTensor(shape: [20, 48, 1, 1], seed: 3)
        tensor[flat: 5 * 48 + 20] = .infinity
        let weights = ConvolutionWeights(weights: tensor, bias: nil, geometry: WindowGeometry(kernel: 1))
        let base = BlockedMaps(randomTensor(shape: [1, 48, 1, 1], seed: 4))
        let lists = [Array(16..<32), [3], Array(0..<48)]
        let found = Convolution.forward(ReplacedBlocks(base, removing: lists, best), weights, best)
        let whole = BlockedMaps.stacked(lists.map { base.zeroing(channels: $0) })
        let expected = Convolution.forward(whole, weights, best)
        for image in lists.indices {
            let (found, expected) = (
                found.value(image: image, channel: 5, y: 0, x: 0), expected.value(image: image, channel: 5, y: 0, x: 0)
            )
            #expect(found.isNaN == expected.isNaN && (found.isNaN || found == expected))
            #expect(found.isNaN == (image != 1))
        }
    }

    @Test func onlyConvolutionsOfOneTapGiveMeans() {
        let weights = { (geometry: WindowGeometry, groups: Int) in
            ConvolutionWeights(
                weights: randomTensor(
                    shape: [8, 32 / groups, geometry.kernelHeight, geometry.kernelWidth], seed: 1), bias: nil,
                groups: groups, geometry: geometry)
        }
        #expect(GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 1), 1), .relu))
        #expect(!GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 1), 1), .sigmoid))
        #expect(!GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 1), 2), .relu))
        #expect(!GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 1, stride: 2), 1), .relu))
        #expect(!GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 1, pad: 1), 1), .relu))
        #expect(!GlobalAveragePooling.follows(weights(WindowGeometry(kernel: 3), 1), .relu))
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
