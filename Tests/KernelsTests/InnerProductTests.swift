import Kernels
import TestSupport
import Tensors
import Testing

/// Dense layers.
struct InnerProductTests {
    struct Case: Sendable, CustomStringConvertible {
        let images: Int
        let channels: Int
        let height: Int
        let width: Int
        let outputs: Int

        var description: String { "\(images)×[\(channels), \(height), \(width)] to \(outputs)" }
        var inputs: Int { channels * height * width }
        var x: Tensor { randomTensor(shape: [images, channels, height, width], seed: 1) }
        var matrix: Tensor { randomTensor(shape: [outputs, inputs], seed: 2) }
        var bias: Tensor { randomTensor(shape: [outputs], seed: 3) }
        var r: Tensor { randomTensor(shape: [images, outputs, 1, 1], seed: 4) }
        var weights: InnerProductWeights {
            InnerProductWeights(weights: matrix, bias: bias, channels: channels, height: height, width: width)
        }
    }

    static let cases = [
        Case(images: 1, channels: 100, height: 1, width: 1, outputs: 10),
        Case(images: 3, channels: 37, height: 4, width: 5, outputs: 50),
        Case(images: 9, channels: 16, height: 2, width: 3, outputs: 33),
        Case(images: 2, channels: 1, height: 7, width: 1, outputs: 1),
        Case(images: 1, channels: 48, height: 6, width: 6, outputs: 100),
        // Rows a page apart, which are copied to lie in different sets of the first-level cache.
        Case(images: 11, channels: 1024, height: 1, width: 1, outputs: 20),
    ]

    @Test(arguments: cases)
    func agreesWithItsDefinition(_ problem: Case) {
        let (x, matrix, bias) = (problem.x, problem.matrix, problem.bias)
        let found = InnerProduct.forward(BlockedMaps(x), problem.weights, activation: .relu, best)
        var expected: [Float] = []
        for image in 0..<problem.images {
            for output in 0..<problem.outputs {
                var sum = Double(bias[output])
                for i in 0..<problem.inputs {
                    sum += Double(matrix[output, i]) * Double(x[flat: image * problem.inputs + i])
                }
                expected.append(Float(max(0, sum)))
            }
        }
        #expect(difference(found.rows().values, expected, within: .summation) == nil)
    }

    @Test(arguments: cases)
    func everyVariantGivesTheBitsOfTheScalarTwin(_ problem: Case) {
        let forward = InnerProduct.forward(BlockedMaps(problem.x), problem.weights, scalar)
        let back = InnerProduct.adjoint(BlockedMaps(problem.r), problem.weights, scalar)
        for variant in fastVariants {
            let context = context(variant)
            #expect(InnerProduct.forward(BlockedMaps(problem.x), problem.weights, context).isIdentical(to: forward))
            #expect(InnerProduct.adjoint(BlockedMaps(problem.r), problem.weights, context).isIdentical(to: back))
        }
    }

    @Test(arguments: cases)
    func theAdjointIsOne(_ problem: Case) {
        let linear = InnerProductWeights(
            weights: problem.matrix, bias: nil, channels: problem.channels, height: problem.height,
            width: problem.width)
        let forward = InnerProduct.forward(BlockedMaps(problem.x), linear, best)
        let back = InnerProduct.adjoint(BlockedMaps(problem.r), linear, best)
        expectEqualProducts((forward.tensor(), problem.r), (problem.x, back.tensor()))
        let rectified = InnerProduct.adjoint(BlockedMaps(problem.r), linear, rectified: true, best)
        #expect(rectified.isIdentical(to: Elementwise.rectify(back, best)))
    }

    @Test(arguments: cases)
    func outputsByPartsHaveTheSameBits(_ problem: Case) throws {
        let weights = problem.weights
        let x = BlockedMaps(problem.x)
        let forward = InnerProduct.forward(x, weights, activation: .relu, best)
        for parts in 1...weights.mostParts {
            let found = BlockedMaps(images: problem.images, channels: problem.outputs, height: 1, width: 1)
            for part in 0..<parts {
                try withThreads(part % 2 + 1) { context in
                    InnerProduct.forward(
                        x, weights, activation: .relu, part: part, of: parts, into: found, context)
                }
            }
            #expect(found.isIdentical(to: forward), "\(parts) parts")
        }
    }

    @Test(arguments: cases)
    func neitherThreadsNorTheBatchChangeABit(_ problem: Case) throws {
        let weights = problem.weights
        let (x, r) = (BlockedMaps(problem.x), BlockedMaps(problem.r))
        let (forward, back) = (InnerProduct.forward(x, weights, best), InnerProduct.adjoint(r, weights, best))
        try withThreads(3) { context in
            #expect(InnerProduct.forward(x, weights, context).isIdentical(to: forward))
            #expect(InnerProduct.adjoint(r, weights, context).isIdentical(to: back))
        }
        for image in 0..<problem.images {
            let range = image..<image + 1
            let alone = InnerProduct.forward(x.view(images: range), weights, best)
            #expect(alone.isIdentical(to: forward.view(images: range)))
            #expect(
                InnerProduct.adjoint(r.view(images: range), weights, best)
                    .isIdentical(to: back.view(images: range)))
        }
    }
}
