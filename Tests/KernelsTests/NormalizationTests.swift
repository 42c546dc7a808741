import Foundation
import Kernels
import TestSupport
import Tensors
import Testing

/// Local response normalisation.
struct NormalizationTests {
    static let norms = [
        LocalResponseNormalization(size: 5, alpha: 1e-4, beta: 0.75, bias: 2),
        LocalResponseNormalization(size: 4, alpha: 0.3, beta: 0.5, bias: 1),
        LocalResponseNormalization(size: 1, alpha: 0.2, beta: 1, bias: 1.5),
        LocalResponseNormalization(size: 3, alpha: 0.4, beta: 0.6, bias: 0.7),
        LocalResponseNormalization(size: 50, alpha: 2, beta: 0.75, bias: 1),
    ]

    /// The channels summed over for one channel.
    static func window(_ norm: LocalResponseNormalization, _ channel: Int, _ channels: Int) -> Range<Int> {
        let first = channel - (norm.size - 1) / 2
        return (first..<first + norm.size).clamped(to: 0..<channels)
    }

    static func denominator(_ norm: LocalResponseNormalization, _ x: Tensor, _ n: Int, _ c: Int, _ pixel: Int) -> Double
    {
        let (channels, pixels) = (x.shape[1], x.shape[2] * x.shape[3])
        let sum = window(norm, c, channels).reduce(0.0) { sum, other in
            let value = Double(x[flat: (n * channels + other) * pixels + pixel])
            return sum + value * value
        }
        return Double(norm.bias) + Double(norm.alpha) / Double(norm.size) * sum
    }

    @Test(arguments: norms)
    func agreesWithItsDefinition(_ norm: LocalResponseNormalization) throws {
        let x = randomTensor(shape: [2, 21, 3, 4], seed: 1, in: -3...3)
        var expected = x
        for index in 0..<x.count {
            let (n, c, pixel) = (index / 12 / 21, index / 12 % 21, index % 12)
            let base = NormalizationTests.denominator(norm, x, n, c, pixel)
            expected[flat: index] = Float(Double(x[flat: index]) / pow(base, Double(norm.beta)))
        }
        let found = norm.forward(BlockedMaps(x), best)
        #expect(difference(found.tensor(), expected, within: .rounding(ulps: 1)) == nil)
        #expect(found.isIdentical(to: BlockedMaps(found.tensor())), "unused lanes are zero")
        try withThreads(3) { context in
            #expect(norm.forward(BlockedMaps(x), context).isIdentical(to: found))
        }
    }

    @Test(arguments: norms)
    func theGradientIsTheAdjointOfTheDerivative(_ norm: LocalResponseNormalization) {
        let x = randomTensor(shape: [2, 21, 3, 4], seed: 1, in: -3...3)
        let (step, r) = (randomTensor(shape: x.shape, seed: 2), randomTensor(shape: x.shape, seed: 3))
        // The derivative at x in the direction of `step`, from the quotient rule.
        var derivative = x
        let (channels, pixels) = (21, 12)
        for index in 0..<x.count {
            let (n, c, pixel) = (index / pixels / channels, index / pixels % channels, index % pixels)
            let base = NormalizationTests.denominator(norm, x, n, c, pixel)
            let change = NormalizationTests.window(norm, c, channels).reduce(0.0) { sum, other in
                let place = (n * channels + other) * pixels + pixel
                return sum + 2 * Double(x[flat: place]) * Double(step[flat: place])
            }
            let inner = Double(norm.alpha) / Double(norm.size) * change
            derivative[flat: index] = Float(
                Double(step[flat: index]) * pow(base, -Double(norm.beta))
                    - Double(norm.beta) * Double(x[flat: index]) * pow(base, -Double(norm.beta) - 1) * inner)
        }
        let back = norm.adjoint(BlockedMaps(r), at: BlockedMaps(x), best)
        expectEqualProducts((derivative, r), (step, back.tensor()))
        #expect(back.isIdentical(to: BlockedMaps(back.tensor())), "unused lanes are zero")
    }
}
