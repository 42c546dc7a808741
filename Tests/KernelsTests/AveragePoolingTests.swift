import Kernels
import TestSupport
import Tensors
import Testing

/// Average pooling, of windows and of whole maps.
struct AveragePoolingTests {
    @Test(arguments: PoolingProblem.all, [false, true])
    func dividesTheSumByTheCount(_ problem: PoolingProblem, _ countsPadding: Bool) {
        let x = problem.input
        var expected = problem.signal
        problem.eachWindow { output, plane, positions, withPadding in
            let sum = positions.reduce(Float(0)) { $0 + x[flat: plane + $1] }
            expected[flat: output] = sum / Float(countsPadding ? withPadding : positions.count)
        }
        let found = AveragePooling.forward(
            BlockedMaps(x), problem.geometry, countIncludesPadding: countsPadding, best)
        #expect(difference(found.tensor(), expected, within: .exact) == nil)
    }

    @Test(arguments: PoolingProblem.all, [false, true])
    func theAdjointIsOne(_ problem: PoolingProblem, _ countsPadding: Bool) {
        let (x, r) = (problem.input, problem.signal)
        let forward = AveragePooling.forward(
            BlockedMaps(x), problem.geometry, countIncludesPadding: countsPadding, best)
        let back = AveragePooling.adjoint(
            BlockedMaps(r), problem.geometry, countIncludesPadding: countsPadding, height: problem.height,
            width: problem.width, best)
        expectEqualProducts((forward.tensor(), r), (x, back.tensor()))
    }

    @Test func threadsDoNotChangeABit() throws {
        try withThreads(3) { context in
            for problem in PoolingProblem.all {
                let x = BlockedMaps(problem.input)
                let expected = AveragePooling.forward(x, problem.geometry, countIncludesPadding: false, best)
                let found = AveragePooling.forward(x, problem.geometry, countIncludesPadding: false, context)
                #expect(found.isIdentical(to: expected))
            }
        }
    }

    @Test func aWholeMapIsSummedRowByRow() {
        let x = randomTensor(shape: [2, 21, 6, 7], seed: 4)
        let maps = BlockedMaps(x)
        let found = GlobalAveragePooling.forward(maps, best)
        for image in 0..<2 {
            for channel in 0..<21 {
                var total: Float = 0
                for y in 0..<6 { total += (0..<7).reduce(Float(0)) { $0 + x[image, channel, y, $1] } }
                #expect(found.value(image: image, channel: channel, y: 0, x: 0) == total / 42)
                #expect(maps.sum(image: image, channel: channel) == total)
            }
        }
    }

    @Test func theAdjointOfAWholeMapsAverageIsOne() {
        let x = randomTensor(shape: [2, 21, 6, 7], seed: 4)
        let r = randomTensor(shape: [2, 21, 1, 1], seed: 5)
        let back = GlobalAveragePooling.adjoint(BlockedMaps(r), height: 6, width: 7, best)
        expectEqualProducts((GlobalAveragePooling.forward(BlockedMaps(x), best).tensor(), r), (x, back.tensor()))
    }
}
