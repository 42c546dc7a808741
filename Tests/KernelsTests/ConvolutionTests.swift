import Kernels
import TestSupport
import Tensors
import Testing

/// Forward convolution.
struct ConvolutionTests {
    @Test(arguments: ConvolutionProblem.all)
    func agreesWithItsDefinition(_ problem: ConvolutionProblem) {
        let tolerance = problem.method == .tiled ? Tolerance.tiles : .summation
        #expect(difference(problem.forward(best).tensor(), problem.expected(), within: tolerance) == nil)
    }

    @Test(arguments: ConvolutionProblem.all)
    func everyVariantGivesTheBitsOfTheScalarTwin(_ problem: ConvolutionProblem) {
        let expected = problem.forward(scalar)
        for variant in fastVariants {
            #expect(problem.forward(context(variant)).isIdentical(to: expected), "\(variant)")
        }
    }

    @Test(arguments: ConvolutionProblem.all.filter { $0.inputs < 16 })
    func anUnblockedInputGivesTheSameBits(_ problem: ConvolutionProblem) {
        let expected = problem.forward(scalar)
        for variant in fastVariants + [.scalar] {
            #expect(problem.forwardFromInput(context(variant)).isIdentical(to: expected), "\(variant)")
        }
    }

    @Test(arguments: [2, 3])
    func threadsDoNotChangeABit(_ threads: Int) throws {
        try withThreads(threads) { context in
            for problem in ConvolutionProblem.all {
                #expect(problem.forward(context).isIdentical(to: problem.forward(best)), "\(problem)")
            }
        }
    }

    @Test(arguments: ConvolutionProblem.all.filter { $0.images > 1 })
    func anImageOfABatchHasTheBitsItHasAlone(_ problem: ConvolutionProblem) {
        let whole = problem.forward(best)
        let (x, addend) = (problem.inputTensor, problem.addendTensor)
        for image in 0..<problem.images {
            let alone = Convolution.forward(
                BlockedMaps(x.slice(image)), problem.weights, activation: problem.activation,
                adding: problem.isAdded ? BlockedMaps(addend.slice(image)) : nil, best)
            #expect(alone.isIdentical(to: whole.view(images: image..<image + 1)))
        }
    }

    @Test func aRectangleHasTheBitsOfTheWhole() {
        let problem = ConvolutionProblem(
            inputs: 37, outputs: 48, height: 17, width: 19, geometry: WindowGeometry(kernel: 3, stride: 2),
            activation: .relu)
        let whole = problem.forward(best)
        let x = problem.inputTensor
        for (top, left, height, width) in [(0, 0, 5, 7), (2, 4, 7, 3), (10, 12, 7, 7), (4, 0, 13, 19)] {
            let part = crop(x, top: top, left: left, height: height, width: width)
            let found = Convolution.forward(BlockedMaps(part), problem.weights, activation: .relu, best).tensor()
            let expected = crop(
                whole.tensor(), top: top / 2, left: left / 2, height: found.shape[2], width: found.shape[3])
            #expect(found.isIdentical(to: expected))
        }
    }

    @Test func writesIntoAViewAndNowhereElse() {
        let problem = ConvolutionProblem(
            images: 2, inputs: 20, outputs: 32, height: 9, width: 8, geometry: WindowGeometry(kernel: 3, pad: 1))
        let whole = BlockedMaps(randomTensor(shape: [2, 70, 9, 8], seed: 9))
        let before = whole.tensor()
        Convolution.forward(
            BlockedMaps(problem.inputTensor), problem.weights, into: whole.view(channels: 16..<48), best)
        #expect(whole.view(channels: 16..<48).isIdentical(to: problem.forward(best)))
        #expect(BlockedMaps(before).view(channels: 0..<16).isIdentical(to: whole.view(channels: 0..<16)))
        #expect(BlockedMaps(before).view(channels: 48..<70).isIdentical(to: whole.view(channels: 48..<70)))
    }

    @Test func unusedLanesStayZero() {
        for problem in ConvolutionProblem.named where problem.outputs % 16 != 0 {
            // A further convolution over all lanes would see anything left there.
            let maps = problem.forward(best)
            let ones = Tensor(shape: [1, maps.channels, 1, 1], repeating: 1)
            let weights = ConvolutionWeights(weights: ones, bias: nil, geometry: WindowGeometry(kernel: 1))
            let copy = BlockedMaps(maps.tensor())
            #expect(maps.isIdentical(to: copy), "\(problem)")
            #expect(Convolution.forward(maps, weights, best).isIdentical(to: Convolution.forward(copy, weights, best)))
        }
    }

    @Test(arguments: [(64, 80, 13, 11), (40, 128, 5, 5), (16, 64, 1, 3), (600, 96, 8, 9)])
    func leavingOutZerosChangesNothing(_ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int) {
        var random = SplitMix64(seed: 11)
        var x = randomTensor(shape: [3, inputs, height, width], seed: 3)
        // As a ReLU leaves it: dead channels, and others that are zero here and there; one NaN.
        for index in 0..<x.count {
            let channel = index / (height * width) % inputs
            if channel % 3 != 0 || Int.random(in: 0..<4, using: &random) == 0 {
                x[flat: index] = channel % 2 == 0 ? 0 : -0.0
            }
        }
        x[2, 0, height - 1, 0] = .nan
        let weights = ConvolutionWeights(
            weights: randomTensor(shape: [outputs, inputs, 1, 1], seed: 4),
            bias: randomTensor(shape: [outputs], seed: 5), geometry: WindowGeometry(kernel: 1))
        let expected = Convolution.forward(BlockedMaps(x), weights, activation: .relu, scalar)
        #expect(expected.containsNaN())
        for variant in fastVariants {
            let found = Convolution.forward(BlockedMaps(x), weights, activation: .relu, context(variant))
            #expect(found.isIdentical(to: expected), "\(variant)")
        }
    }

    @Test func zeroTimesInfinityIsNotLeftOut() {
        var filters = randomTensor(shape: [64, 32, 1, 1], seed: 4)
        filters[3, 5, 0, 0] = .infinity
        let weights = ConvolutionWeights(weights: filters, bias: nil, geometry: WindowGeometry(kernel: 1))
        let maps = BlockedMaps(Tensor(shape: [1, 32, 4, 4]))
        for variant in fastVariants + [.scalar] {
            #expect(Convolution.forward(maps, weights, context(variant)).containsNaN(), "\(variant)")
        }
    }

    @Test func aNaNComesThroughReLU() {
        var x = randomTensor(shape: [1, 4, 5, 5], seed: 3)
        x[0, 2, 2, 2] = .nan
        let weights = ConvolutionWeights(
            weights: randomTensor(shape: [20, 4, 3, 3], seed: 4), bias: nil, geometry: WindowGeometry(kernel: 3))
        for variant in fastVariants + [.scalar] {
            let maps = Convolution.forward(BlockedMaps(x), weights, activation: .relu, context(variant))
            #expect(maps.containsNaN(), "\(variant)")
        }
    }

    @Test func largeLayersAreSplitWithoutChangingABit() throws {
        let problems = [
            ConvolutionProblem(
                inputs: 64, outputs: 64, height: 40, width: 37, geometry: WindowGeometry(kernel: 3, pad: 1)),
            ConvolutionProblem(inputs: 256, outputs: 500, height: 9, width: 9, geometry: WindowGeometry(kernel: 1)),
            ConvolutionProblem(
                images: 4, inputs: 32, outputs: 48, height: 20, width: 20, geometry: WindowGeometry(kernel: 1)),
        ]
        let alone = problems.map { $0.forward(best) }
        try withThreads(3) { context in
            for (problem, expected) in zip(problems, alone) {
                #expect(problem.forward(context).isIdentical(to: expected), "\(problem)")
            }
        }
    }
}

/// A rectangle of [N, C, H, W].
func crop(_ x: Tensor, top: Int, left: Int, height: Int, width: Int) -> Tensor {
    var part = Tensor(shape: [x.shape[0], x.shape[1], height, width])
    for n in 0..<x.shape[0] {
        for c in 0..<x.shape[1] {
            for y in 0..<height {
                for column in 0..<width { part[n, c, y, column] = x[n, c, top + y, left + column] }
            }
        }
    }
    return part
}
