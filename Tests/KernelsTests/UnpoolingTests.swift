import Kernels
import TestSupport
import Tensors
import Testing

/// Unpooling.
struct UnpoolingTests {
    @Test(arguments: MaxPoolingTests.problems, OverlapRule.allCases)
    func placesEveryValueAtItsSwitch(_ problem: PoolingProblem, _ rule: OverlapRule) throws {
        let (_, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(problem.input), problem.geometry, best)
        let r = problem.signal
        var expected = [Float?](repeating: nil, count: problem.input.count)
        problem.eachWindow { output, plane, _, _ in
            let place = plane + flatSwitch(switches, output)
            let value = r[flat: output]
            switch rule {
            case .sum: expected[place] = (expected[place] ?? 0) + value
            case .max: expected[place] = max(expected[place] ?? value, value)
            case .last: expected[place] = value
            }
        }
        let found = Unpooling.forward(BlockedMaps(r), switches, overlap: rule, best)
        let tensor = Tensor(shape: problem.input.shape, values: expected.map { $0 ?? 0 })
        #expect(difference(found.tensor(), tensor, within: .rounding(ulps: 0)) == nil)

        let rectified = Unpooling.forward(BlockedMaps(r), switches, overlap: rule, rectified: true, best)
        #expect(rectified.isIdentical(to: Elementwise.rectify(found, best)))
        try withThreads(2) { context in
            #expect(Unpooling.forward(BlockedMaps(r), switches, overlap: rule, context).isIdentical(to: found))
        }
    }

    @Test(arguments: MaxPoolingTests.problems)
    func sumIsTheAdjointOfTakingTheMaxima(_ problem: PoolingProblem) throws {
        let (_, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(problem.input), problem.geometry, best)
        // With the switches held, pooling takes values from fixed places: it is linear.
        let other = randomTensor(shape: problem.input.shape, seed: 77)
        var taken = problem.signal
        problem.eachWindow { output, plane, _, _ in
            taken[flat: output] = other[flat: plane + flatSwitch(switches, output)]
        }
        let back = Unpooling.forward(BlockedMaps(problem.signal), switches, overlap: .sum, best)
        expectEqualProducts((taken, problem.signal), (other, back.tensor()))
    }

    @Test func aLaterZeroOverwritesAndAGreaterNegativeStays() throws {
        // Three windows that all choose the middle.
        let x = Tensor(shape: [1, 1, 1, 5], values: [0, 0, 9, 0, 0])
        let geometry = WindowGeometry(kernelHeight: 1, kernelWidth: 3)
        let (_, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(x), geometry, best)
        func unpool(_ values: [Float], _ rule: OverlapRule) -> [Float] {
            Unpooling.forward(
                BlockedMaps(Tensor(shape: [1, 1, 1, 3], values: values)), switches, overlap: rule, best
            ).tensor().values
        }
        #expect(unpool([5, -1, 0], .last) == [0, 0, 0, 0, 0])
        #expect(unpool([5, -1, -2], .last) == [0, 0, -2, 0, 0])
        #expect(unpool([-5, -1, -2], .max) == [0, 0, -1, 0, 0])
        #expect(unpool([-5, 0, -2], .max) == [0, 0, 0, 0, 0])
        #expect(unpool([-5, 1, 2], .sum) == [0, 0, -2, 0, 0])
    }

    @Test func readsOneImagesSwitchesForABatch() throws {
        let problem = PoolingProblem.all[0]
        let (_, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(problem.input), problem.geometry, best)
        let r = randomTensor(shape: [3, 64, problem.size.height, problem.size.width], seed: 8)
        let together = Unpooling.forward(BlockedMaps(r), switches.repeated(images: 3), overlap: .sum, best)
        for image in 0..<3 {
            let alone = Unpooling.forward(BlockedMaps(r.slice(image)), switches, overlap: .sum, best)
            #expect(alone.isIdentical(to: together.view(images: image..<image + 1)))
        }
    }
}
