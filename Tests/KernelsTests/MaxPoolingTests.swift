import Kernels
import TestSupport
import Tensors
import Testing

/// Max pooling and its switches.
struct MaxPoolingTests {
    static let problems = PoolingProblem.all + PoolingProblem.dilated

    @Test(arguments: problems)
    func takesTheFirstMaximumInRowMajorOrder(_ problem: PoolingProblem) throws {
        let x = problem.input
        let (maps, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(x), problem.geometry, best)
        let found = maps.tensor()
        let values = x.values
        problem.eachWindow { output, plane, positions, _ in
            var first = positions[0]
            for position in positions where values[plane + position] > values[plane + first] { first = position }
            #expect(found[flat: output] == values[plane + first])
            #expect(flatSwitch(switches, output) == first)
        }
        #expect(MaxPooling.forward(BlockedMaps(x), problem.geometry, best).isIdentical(to: maps))
    }

    @Test(arguments: problems)
    func everyVariantGivesTheSame(_ problem: PoolingProblem) throws {
        let x = BlockedMaps(problem.input)
        let expected = try MaxPooling.forwardWithSwitches(x, problem.geometry, scalar)
        for variant in fastVariants {
            let found = try MaxPooling.forwardWithSwitches(x, problem.geometry, context(variant))
            #expect(found.maps.isIdentical(to: expected.maps), "\(variant)")
            for output in 0..<problem.signal.count {
                #expect(flatSwitch(found.switches, output) == flatSwitch(expected.switches, output), "\(variant)")
            }
            let plain = MaxPooling.forward(x, problem.geometry, context(variant))
            #expect(plain.isIdentical(to: expected.maps), "\(variant)")
        }
    }

    @Test func threadsGiveTheSame() throws {
        try withThreads(3) { context in
            for problem in MaxPoolingTests.problems {
                let x = BlockedMaps(problem.input)
                let expected = try MaxPooling.forwardWithSwitches(x, problem.geometry, best)
                let found = try MaxPooling.forwardWithSwitches(x, problem.geometry, context)
                #expect(found.maps.isIdentical(to: expected.maps))
                for output in 0..<problem.signal.count {
                    #expect(flatSwitch(found.switches, output) == flatSwitch(expected.switches, output))
                }
            }
        }
    }

    @Test func anAllZeroWindowChoosesItsFirstPosition() throws {
        let x = BlockedMaps(images: 1, channels: 3, height: 6, width: 6)
        let (_, switches) = try MaxPooling.forwardWithSwitches(x, WindowGeometry(kernel: 3, stride: 2, pad: 1), best)
        #expect(switches.position(image: 0, channel: 2, y: 0, x: 0) == (0, 0))
        #expect(switches.position(image: 0, channel: 2, y: 1, x: 2) == (1, 3))
    }

    @Test func paddingNeverWins() throws {
        let x = Tensor(shape: [1, 1, 2, 2], values: [-4, -3, -2, -1])
        let (maps, switches) = try MaxPooling.forwardWithSwitches(
            BlockedMaps(x), WindowGeometry(kernel: 3, stride: 2, pad: 1), best)
        #expect(maps.tensor().values == [-1])
        #expect(switches.position(image: 0, channel: 0, y: 0, x: 0) == (1, 1))
    }

    @Test func minusInfinityAlonePointsIntoItsWindow() throws {
        let x = Tensor(shape: [1, 1, 4, 4], repeating: -.infinity)
        for variant in fastVariants + [.scalar] {
            let (_, switches) = try MaxPooling.forwardWithSwitches(
                BlockedMaps(x), WindowGeometry(kernel: 2, stride: 2), context(variant))
            #expect(switches.position(image: 0, channel: 0, y: 1, x: 1) == (2, 2), "\(variant)")
        }
    }

    @Test func aNaNIsAnErrorWhereSwitchesAreAskedFor() {
        var x = randomTensor(shape: [2, 20, 9, 9], seed: 5)
        x[1, 18, 4, 5] = .nan
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            #expect(throws: KernelsError.notANumber(operation: "max pooling"), "\(variant)") {
                try MaxPooling.forwardWithSwitches(BlockedMaps(x), WindowGeometry(kernel: 3, stride: 2), context)
            }
            // Without switches it must not be lost, wherever in its window it lies.
            let maps = MaxPooling.forward(BlockedMaps(x), WindowGeometry(kernel: 3, stride: 2), context)
            #expect(maps.value(image: 1, channel: 18, y: 1, x: 2).isNaN, "\(variant)")
            #expect(maps.value(image: 1, channel: 18, y: 2, x: 2).isNaN, "\(variant)")
            #expect(!maps.value(image: 1, channel: 18, y: 3, x: 3).isNaN, "\(variant)")
        }
    }

    @Test func aNaNBetweenTheWindowsDoesNoHarm() throws {
        var x = randomTensor(shape: [1, 4, 5, 5], seed: 5)
        x[0, 3, 1, 1] = .nan
        for variant in fastVariants + [.scalar] {
            _ = try MaxPooling.forwardWithSwitches(
                BlockedMaps(x), WindowGeometry(kernel: 1, stride: 2), context(variant))
        }
    }

    @Test func oneImagesSwitchesServeSeveral() throws {
        let problem = PoolingProblem.all[0]
        let (_, switches) = try MaxPooling.forwardWithSwitches(BlockedMaps(problem.input), problem.geometry, best)
        let repeated = switches.repeated(images: 3)
        #expect(repeated.images == 3)
        #expect(
            repeated.position(image: 2, channel: 63, y: 3, x: 4)
                == switches.position(image: 0, channel: 63, y: 3, x: 4))
    }
}

/// The switch of the output with that number in [N, C, h, w].
func flatSwitch(_ switches: Switches, _ output: Int) -> Int {
    let x = output % switches.width
    let y = output / switches.width % switches.height
    let map = output / switches.width / switches.height
    let position = switches.position(
        image: map / switches.channels, channel: map % switches.channels, y: y, x: x)
    return position.y * switches.inputWidth + position.x
}
