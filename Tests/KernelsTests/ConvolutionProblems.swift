import Kernels
import TestSupport

extension ConvolutionProblem {
    /// Convolutions that networks have, and corners that once went wrong or could.
    static let named: [ConvolutionProblem] = [
        // The first layers of SqueezeNet and ZFNet: unblocked input, strides, odd sizes.
        ConvolutionProblem(
            inputs: 3, outputs: 64, height: 23, width: 19, geometry: WindowGeometry(kernel: 3, stride: 2, pad: 1)),
        ConvolutionProblem(
            inputs: 3, outputs: 24, height: 31, width: 29, geometry: WindowGeometry(kernel: 7, stride: 2),
            activation: .relu),
        // Narrow maps, whose tiles run over row ends.
        ConvolutionProblem(
            inputs: 48, outputs: 40, height: 13, width: 13, geometry: WindowGeometry(kernel: 3, pad: 1),
            activation: .relu),
        ConvolutionProblem(inputs: 32, outputs: 16, height: 7, width: 1, geometry: WindowGeometry(kernel: 1)),
        ConvolutionProblem(
            images: 3, inputs: 33, outputs: 17, height: 1, width: 1, geometry: WindowGeometry(kernel: 1)),
        // More output than two blocks, and an odd number of blocks.
        ConvolutionProblem(
            inputs: 16, outputs: 80, height: 9, width: 10, geometry: WindowGeometry(kernel: 1), isAdded: true),
        // Strides that leave a remainder, and one that skips rows altogether.
        ConvolutionProblem(
            inputs: 20, outputs: 20, height: 14, width: 12, geometry: WindowGeometry(kernel: 1, stride: 2)),
        ConvolutionProblem(
            inputs: 5, outputs: 6, height: 17, width: 18, geometry: WindowGeometry(kernel: 2, stride: 3)),
        // Dilation that shares a factor with the stride, and one that does not.
        ConvolutionProblem(
            inputs: 18, outputs: 10, height: 20, width: 19,
            geometry: WindowGeometry(kernel: 3, stride: 2, dilation: 2, pad: 2)),
        ConvolutionProblem(
            inputs: 9, outputs: 33, height: 21, width: 16,
            geometry: WindowGeometry(kernel: 3, stride: 2, dilation: 3, pad: 3)),
        ConvolutionProblem(
            inputs: 7, outputs: 5, height: 18, width: 18,
            geometry: WindowGeometry(
                kernelHeight: 1, kernelWidth: 3, strideY: 4, strideX: 6, dilationY: 1, dilationX: 4, padTop: 0,
                padLeft: 2, padBottom: 1, padRight: 5)),
        // Padding beyond the kernel: whole windows in the margin.
        ConvolutionProblem(
            inputs: 4, outputs: 4, height: 5, width: 6,
            geometry: WindowGeometry(
                kernelHeight: 3, kernelWidth: 2, padTop: 4, padLeft: 0, padBottom: 0, padRight: 3)),
        // Groups: within a block, across blocks, of whole blocks; more outputs than inputs and fewer.
        ConvolutionProblem(
            inputs: 12, outputs: 24, groups: 4, height: 8, width: 9, geometry: WindowGeometry(kernel: 3, pad: 1)),
        ConvolutionProblem(
            inputs: 30, outputs: 20, groups: 5, height: 7, width: 8, geometry: WindowGeometry(kernel: 3, stride: 2)),
        ConvolutionProblem(
            inputs: 64, outputs: 32, groups: 2, height: 7, width: 8, geometry: WindowGeometry(kernel: 3, pad: 1)),
        ConvolutionProblem(
            inputs: 8, outputs: 16, groups: 8, height: 10, width: 9, geometry: WindowGeometry(kernel: 3, pad: 1)),
        ConvolutionProblem(
            inputs: 2, outputs: 4, groups: 2, height: 10, width: 9, geometry: WindowGeometry(kernel: 3, pad: 1)),
        // Depthwise: partial blocks, strides, dilation, wide rows.
        ConvolutionProblem(
            inputs: 40, outputs: 40, groups: 40, height: 11, width: 13, geometry: WindowGeometry(kernel: 3, pad: 1),
            activation: .clip(low: 0, high: 6)),
        ConvolutionProblem(
            images: 2, inputs: 20, outputs: 20, groups: 20, height: 12, width: 15,
            geometry: WindowGeometry(
                kernelHeight: 3, kernelWidth: 5, strideY: 2, strideX: 2, dilationY: 2, dilationX: 1, padTop: 0,
                padLeft: 1, padBottom: 1, padRight: 2), isAdded: true),
        // An activation that makes something of zero, over unused lanes.
        ConvolutionProblem(
            inputs: 3, outputs: 5, height: 6, width: 7, geometry: WindowGeometry(kernel: 3),
            activation: .clip(low: 0.25, high: 0.5)),
        ConvolutionProblem(
            inputs: 3, outputs: 5, height: 6, width: 7, geometry: WindowGeometry(kernel: 3), activation: .sigmoid),
    ]

    /// Problems drawn at random, the same in every run.
    static let drawn: [ConvolutionProblem] = {
        var random = SplitMix64(seed: 2013)
        var problems: [ConvolutionProblem] = []
        while problems.count < 160 {
            let problem = draw(&random)
            if problem.outputSize.height > 0 { problems.append(problem) }
        }
        return problems
    }()

    /// Convolutions to compute in tiles: whole tiles and parts of them, several chains of channels, parts of blocks.
    static let tiled: [ConvolutionProblem] = {
        var random = SplitMix64(seed: 2016)
        var problems = [
            ConvolutionProblem(
                inputs: 64, outputs: 64, height: 8, width: 12, geometry: WindowGeometry(kernel: 3, pad: 1),
                activation: .relu),
            ConvolutionProblem(
                images: 2, inputs: 150, outputs: 72, height: 13, width: 13, geometry: WindowGeometry(kernel: 3, pad: 1),
                isAdded: true),
            ConvolutionProblem(inputs: 80, outputs: 33, height: 37, width: 31, geometry: WindowGeometry(kernel: 3)),
            ConvolutionProblem(
                inputs: 20, outputs: 5, height: 9, width: 6, geometry: WindowGeometry(kernel: 3, pad: 2),
                activation: .clip(low: 0.25, high: 0.5)),
            // Padding beyond a tile.
            ConvolutionProblem(
                inputs: 17, outputs: 18, height: 5, width: 2,
                geometry: WindowGeometry(
                    kernelHeight: 3, kernelWidth: 3, padTop: 9, padLeft: 1, padBottom: 0, padRight: 11)),
        ]
        while problems.count < 50 {
            let problem = draw(&random, geometry: drawPadding(&random), groups: 1)
            if problem.outputSize.height > 0 { problems.append(problem) }
        }
        for index in problems.indices { problems[index].method = .tiled }
        return problems
    }()

    static var all: [ConvolutionProblem] { named + drawn + tiled }

    /// Windows that tiles can be for.
    private static func drawPadding(_ random: inout SplitMix64) -> WindowGeometry {
        let pads = (0..<4).map { _ in Int.random(in: 0...2, using: &random) }
        return WindowGeometry(
            kernelHeight: 3, kernelWidth: 3, padTop: pads[0], padLeft: pads[1], padBottom: pads[2], padRight: pads[3])
    }

    private static func draw(_ random: inout SplitMix64) -> ConvolutionProblem {
        let groups = [1, 1, 1, 1, 2, 3, 5, 16].randomElement(using: &random) ?? 1
        let geometry = WindowGeometry(
            kernelHeight: Int.random(in: 1...4, using: &random), kernelWidth: Int.random(in: 1...4, using: &random),
            strideY: Int.random(in: 1...3, using: &random), strideX: Int.random(in: 1...3, using: &random),
            dilationY: [1, 1, 2, 3].randomElement(using: &random) ?? 1,
            dilationX: [1, 1, 2, 3].randomElement(using: &random) ?? 1,
            padTop: Int.random(in: 0...2, using: &random), padLeft: Int.random(in: 0...2, using: &random),
            padBottom: Int.random(in: 0...2, using: &random), padRight: Int.random(in: 0...2, using: &random))
        if Int.random(in: 0..<5, using: &random) > 0 { return draw(&random, geometry: geometry, groups: groups) }
        var problem = draw(&random, geometry: geometry, groups: 1)
        problem.inputs = Int.random(in: 2...40, using: &random)
        (problem.outputs, problem.groups) = (problem.inputs, problem.inputs)
        return problem
    }

    private static func draw(_ random: inout SplitMix64, geometry: WindowGeometry, groups: Int) -> ConvolutionProblem {
        let each = 1...max(1, 40 / groups)
        return ConvolutionProblem(
            images: Int.random(in: 1...3, using: &random), inputs: groups * Int.random(in: each, using: &random),
            outputs: groups * Int.random(in: each, using: &random), groups: groups,
            height: Int.random(in: 1...15, using: &random), width: Int.random(in: 1...15, using: &random),
            geometry: geometry,
            activation: [.identity, .relu, .clip(low: 0, high: 1)].randomElement(using: &random) ?? .identity,
            isAdded: Bool.random(using: &random), seed: random.next())
    }
}
