import Concurrency
import Kernels
import TestSupport
import Tensors
import Testing

/// The adjoint of convolution.
struct TransposedConvolutionTests {
    @Test(arguments: ConvolutionProblem.all)
    func agreesWithItsDefinition(_ problem: ConvolutionProblem) {
        #expect(difference(problem.adjoint(best).tensor(), problem.expectedAdjoint(), within: .summation) == nil)
    }

    @Test(arguments: ConvolutionProblem.all)
    func everyVariantGivesTheBitsOfTheScalarTwin(_ problem: ConvolutionProblem) {
        let expected = problem.adjoint(scalar)
        for variant in fastVariants {
            #expect(problem.adjoint(context(variant)).isIdentical(to: expected), "\(variant)")
        }
    }

    @Test(arguments: ConvolutionProblem.all)
    func isTheAdjoint(_ problem: ConvolutionProblem) {
        // Without bias, addend and activation the convolution is linear.
        let weights = ConvolutionWeights(
            weights: problem.weightTensor, bias: nil, groups: problem.groups, geometry: problem.geometry)
        let (x, r) = (problem.inputTensor, problem.signalTensor)
        let image = Convolution.forward(BlockedMaps(x), weights, best).tensor()
        let back = TransposedConvolution.adjoint(
            BlockedMaps(r), weights, height: problem.height, width: problem.width, best)
        expectEqualProducts((image, r), (x, back.tensor()))
    }

    @Test(arguments: [2, 3])
    func threadsDoNotChangeABit(_ threads: Int) throws {
        try withThreads(threads) { context in
            for problem in ConvolutionProblem.all {
                #expect(problem.adjoint(context).isIdentical(to: problem.adjoint(best)), "\(problem)")
            }
        }
    }

    @Test(arguments: ConvolutionProblem.all.filter { $0.images > 1 })
    func anImageOfABatchHasTheBitsItHasAlone(_ problem: ConvolutionProblem) {
        let whole = problem.adjoint(best)
        let r = problem.signalTensor
        for image in 0..<problem.images {
            let alone = TransposedConvolution.adjoint(
                BlockedMaps(r.slice(image)), problem.weights, height: problem.height, width: problem.width, best)
            #expect(alone.isIdentical(to: whole.view(images: image..<image + 1)))
        }
    }

    @Test func rectifiesAtTheEnd() {
        let problem = ConvolutionProblem.named[2]
        let plain = problem.adjoint(best)
        let rectified = TransposedConvolution.adjoint(
            BlockedMaps(problem.signalTensor), problem.weights, height: problem.height, width: problem.width,
            rectified: true, best)
        #expect(rectified.isIdentical(to: Elementwise.rectify(plain, best)))
    }

    @Test func theAdjointsPackingIsMadeOnceAndShared() throws {
        let problem = ConvolutionProblem.named[0]
        let weights = problem.weights
        let before = weights.byteCount
        let r = BlockedMaps(problem.signalTensor)
        let expected = problem.adjoint(best)
        try withThreads(3) { context in
            // Each part asks for the packing by itself.
            context.team.forEach(6) { _ in
                let found = TransposedConvolution.adjoint(
                    r, weights, height: problem.height, width: problem.width, best)
                #expect(found.isIdentical(to: expected))
            }
        }
        let after = weights.byteCount
        #expect(after > before)
        TransposedConvolution.adjoint(r, weights, height: problem.height, width: problem.width, best)
        #expect(weights.byteCount == after)
    }
}

/// Expects ⟨a, b⟩ to equal ⟨c, d⟩, both in double, to the rounding of the floats they are made of.
func expectEqualProducts(
    _ left: (Tensor, Tensor), _ right: (Tensor, Tensor), sourceLocation: SourceLocation = #_sourceLocation
) {
    func product(_ a: Tensor, _ b: Tensor) -> (sum: Double, size: Double) {
        zip(a.values, b.values).reduce(into: (0, 0)) { total, pair in
            total.0 += Double(pair.0) * Double(pair.1)
            total.1 += abs(Double(pair.0) * Double(pair.1))
        }
    }
    let (l, r) = (product(left.0, left.1), product(right.0, right.1))
    #expect(abs(l.sum - r.sum) <= 1e-6 * max(l.size, r.size), "\(l.sum) and \(r.sum)", sourceLocation: sourceLocation)
}
