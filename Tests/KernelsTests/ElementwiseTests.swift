import Foundation
import Kernels
import TestSupport
import Tensors
import Testing

/// Activations, sums, scales and normalisation.
struct ElementwiseTests {
    static let activations: [Activation] = [
        .identity, .relu, .clip(low: -0.5, high: 1), .clip(low: 0.5, high: 6), .leakyRelu(slope: 0.1),
        .elu(alpha: 1.5), .sigmoid, .tanh, .silu, .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .softplus,
    ]

    static func definition(_ activation: Activation, _ x: Double) -> Double {
        switch activation {
        case .identity: x
        case .relu: max(0, x)
        case .clip(let low, let high): min(max(x, Double(low)), Double(high))
        case .leakyRelu(let slope): x < 0 ? Double(slope) * x : x
        case .elu(let alpha): x < 0 ? Double(alpha) * expm1(x) : x
        case .sigmoid: 1 / (1 + exp(-x))
        case .tanh: Foundation.tanh(x)
        case .silu: x / (1 + exp(-x))
        case .hardSigmoid(let alpha, let beta): min(max(Double(alpha) * x + Double(beta), 0), 1)
        case .hardSwish: x * min(max(x / 6 + 0.5, 0), 1)
        case .softplus: x > 30 ? x : log1p(exp(x))
        }
    }

    @Test(arguments: activations)
    func activationsAreWithinAnUlpOfTheirDefinition(_ activation: Activation) {
        let few: [Float] = [0, 1e-30, -1e-30, 1e-4, -1e-4, 0.5, -0.5, 3, -3, 20, -20, 80, -80, 1e4, -1e4]
        for x in few + randomTensor(shape: [2000], seed: 3, in: -8...8).values {
            let expected = Float(ElementwiseTests.definition(activation, Double(x)))
            #expect(difference(activation.value(x), expected, within: .rounding(ulps: 1)) == nil, "of \(x)")
        }
        #expect(activation.value(.nan).isNaN)
    }

    @Test(arguments: activations)
    func derivativesAreTheSlopesOfTheFunctions(_ activation: Activation) {
        for x in randomTensor(shape: [500], seed: 4, in: -8...8).values {
            let (at, step) = (Double(x), 1e-5)
            let left = ElementwiseTests.definition(activation, at - step)
            let middle = ElementwiseTests.definition(activation, at)
            let right = ElementwiseTests.definition(activation, at + step)
            // Not across a kink.
            if abs((right - middle) - (middle - left)) > 1e-7 { continue }
            let expected = (right - left) / (2 * step)
            #expect(abs(Double(activation.derivative(x)) - expected) < 1e-5, "at \(x)")
        }
    }

    @Test func theSlopeAtAKinkIsThatOnItsLeft() {
        #expect(Activation.relu.derivative(0) == 0)
        #expect(Activation.clip(low: 0, high: 6).derivative(6) == 1)
        #expect(Activation.clip(low: 0, high: 6).derivative(0) == 0)
        #expect(Activation.leakyRelu(slope: 0.25).derivative(0) == 0.25)
    }

    @Test(arguments: activations)
    func activatesEveryValueAndKeepsUnusedLanesZero(_ activation: Activation) throws {
        let x = randomTensor(shape: [2, 21, 30, 31], seed: 5, in: -4...4)
        let expected = BlockedMaps(Tensor(shape: x.shape, values: x.values.map { activation.value($0) }))
        #expect(Elementwise.activate(BlockedMaps(x), activation, best).isIdentical(to: expected))
        try withThreads(3) { context in
            #expect(Elementwise.activate(BlockedMaps(x), activation, context).isIdentical(to: expected))
        }
    }

    @Test func additionAndActivationAreElementwise() throws {
        let a = randomTensor(shape: [2, 21, 30, 31], seed: 5)
        let b = randomTensor(shape: [2, 21, 30, 31], seed: 6)
        let sums = zip(a.values, b.values).map { max(0, $0 + $1) }
        let expected = BlockedMaps(Tensor(shape: a.shape, values: sums))
        try withThreads(2) { context in
            for context in [best, context] {
                let found = Elementwise.add(BlockedMaps(a), BlockedMaps(b), activation: .relu, context)
                #expect(found.isIdentical(to: expected))
            }
        }
    }

    @Test func theDerivativesProductIsElementwise() {
        let r = randomTensor(shape: [1, 21, 5, 6], seed: 5)
        let x = randomTensor(shape: [1, 21, 5, 6], seed: 6)
        let found = Elementwise.derivative(BlockedMaps(r), of: .silu, at: BlockedMaps(x), best).tensor()
        let expected = zip(r.values, x.values).map { $0 * Activation.silu.derivative($1) }
        #expect(difference(found.values, expected, within: .rounding(ulps: 2)) == nil)
    }

    @Test func batchNormalisationIsScaleAndShift() {
        let channels = 21
        func random(_ seed: UInt64) -> [Float] { randomTensor(shape: [channels], seed: seed).values }
        let (scale, bias, mean) = (random(1), random(2), random(3))
        let variance = random(4).map { $0 * $0 }
        let norm = ScaleShift.batchNormalization(
            scale: scale, bias: bias, mean: mean, variance: variance, epsilon: 1e-3)
        let x = randomTensor(shape: [2, channels, 4, 5], seed: 9)
        let found = norm.forward(BlockedMaps(x), best).tensor()
        var expected = x
        for index in 0..<x.count {
            let c = index / 20 % channels
            let deviation = (Double(variance[c]) + 1e-3).squareRoot()
            expected[flat: index] = Float(
                Double(scale[c]) * (Double(x[flat: index]) - Double(mean[c])) / deviation + Double(bias[c]))
        }
        #expect(
            difference(found, expected, within: .relative(1e-6, reason: "three roundings of the largest value")) == nil)

        let r = randomTensor(shape: x.shape, seed: 10)
        let linear = ScaleShift(scale: norm.scale, shift: [Float](repeating: 0, count: channels))
        let back = norm.adjoint(BlockedMaps(r), best).tensor()
        expectEqualProducts((linear.forward(BlockedMaps(x), best).tensor(), r), (x, back))
        let activated = norm.forward(BlockedMaps(x), activation: .clip(low: 0.5, high: 1), best)
        let twice = Elementwise.activate(norm.forward(BlockedMaps(x), best), .clip(low: 0.5, high: 1), best)
        #expect(activated.isIdentical(to: twice))
    }

    @Test func softmaxIsWithinAnUlp() {
        for (range, seed) in [(Float(-3)...3, UInt64(1)), (-200...200, 2), (-1e30...1e30, 3)] {
            let logits = randomTensor(shape: [2, 1000], seed: seed, in: range)
            let found = Softmax.forward(logits)
            for row in 0..<2 {
                let values = logits.slice(row).values.map { Double($0) }
                let greatest = values.max() ?? 0
                let total = values.reduce(0) { $0 + exp($1 - greatest) }
                let expected = values.map { Float(exp($0 - greatest) / total) }
                #expect(difference(found.slice(row).values, expected, within: .rounding(ulps: 1)) == nil)
            }
        }
    }
}
