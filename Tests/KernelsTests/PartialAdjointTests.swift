import Kernels
import TestSupport
import Tensors
import Testing

/// Adjoints at rectangles of signals that are zero elsewhere give the bits of the adjoints at whole maps.
struct PartialAdjointTests {
    /// Signals that are zero outside of rectangles drawn at random, of which one is empty and one is the whole map.
    private struct Trial {
        let rectangles: [MapRectangle]
        let whole: BlockedMaps
        let crops: MapCrops

        /// Of the signal some values are zero, all but one in so many.
        init(_ signal: Tensor, seed: UInt64, keeping every: Int, _ context: KernelContext) {
            let (height, width) = (signal.shape[2], signal.shape[3])
            var random = SplitMix64(seed: seed)
            func part(_ size: Int) -> Range<Int> {
                let start = Int.random(in: 0..<size, using: &random)
                return start..<Int.random(in: start..<size, using: &random) + 1
            }
            var rectangles = (0..<4).map { _ in MapRectangle(rows: part(height), columns: part(width)) }
            rectangles.insert(.empty, at: 1)
            rectangles.append(MapRectangle(rows: 0..<1, columns: 0..<1))
            rectangles.append(MapRectangle(rows: height - 1..<height, columns: width - 1..<width))
            rectangles.append(MapRectangle(rows: 0..<height, columns: 0..<width))
            var kept = signal.slice(0)
            for index in 0..<kept.count where Int.random(in: 0..<every, using: &random) > 0 { kept[flat: index] = 0 }
            let images = rectangles.map { rectangle in
                var image = kept
                for channel in 0..<kept.shape[0] {
                    for y in 0..<height {
                        for x in 0..<width
                        where !rectangle.rows.contains(y) || !rectangle.columns.contains(x) {
                            image[channel, y, x] = 0
                        }
                    }
                }
                return image
            }
            self.rectangles = rectangles
            whole = BlockedMaps(Tensor.stacked(images))
            // The crops have a margin that is not meant, all NaN.
            crops = MapCrops(
                corners: rectangles.map { MapCorner(row: $0.rows.lowerBound - 1, column: $0.columns.lowerBound - 2) },
                channels: kept.shape[0], height: height + 2, width: width + 3, from: context.buffers)
            crops.spoil()
            for (index, rectangle) in rectangles.enumerated() where !rectangle.isEmpty {
                let one = rectangles.indices.map { $0 == index ? rectangle : .empty }
                crops.fill(
                    one, but: one.map { _ in .empty }, from: whole.view(images: index..<index + 1), context)
            }
        }
    }

    @Test(arguments: ConvolutionProblem.all, [1, 9])
    func aTransposedConvolutionHasTheBitsOfTheWhole(_ problem: ConvolutionProblem, _ every: Int) {
        let weights = problem.weights
        guard TransposedConvolution.takesCrops(weights) else {
            #expect(problem.groups > 1)
            return
        }
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            let trial = Trial(problem.signalTensor, seed: problem.seed, keeping: every, context)
            for rectified in [false, true] {
                let expected = TransposedConvolution.adjoint(
                    trial.whole, weights, height: problem.height, width: problem.width, rectified: rectified, context)
                for way in [TransposedConvolution.Way.sparse, .dense] {
                    let found = TransposedConvolution.adjoint(
                        .maps(trial.crops), at: trial.rectangles, weights, height: problem.height, width: problem.width,
                        rectified: rectified, by: way, context)
                    let maps = found.maps.maps(found.rectangles, height: problem.height, width: problem.width, context)
                    #expect(maps.isIdentical(to: expected), "\(variant), rectified \(rectified), \(way)")
                }
            }
        }
    }

    @Test(arguments: ConvolutionProblem.all.filter { TransposedConvolution.spreads($0.weights) }, [1, 9])
    func spreadingHasTheBitsOfTheWhole(_ problem: ConvolutionProblem, _ every: Int) throws {
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            try checkSpreading(problem, every, context, "\(variant)")
        }
        try withThreads(3) { try checkSpreading(problem, every, $0, "3 threads") }
    }

    private func checkSpreading(
        _ problem: ConvolutionProblem, _ every: Int, _ context: KernelContext, _ what: String
    ) throws {
        let (weights, height, width) = (problem.weights, problem.height, problem.width)
        let trial = Trial(problem.signalTensor, seed: problem.seed, keeping: every, context)
        let expected = TransposedConvolution.adjoint(trial.whole, weights, height: height, width: width, context)
            .tensor()
        let found = try #require(
            TransposedConvolution.spread(
                .maps(trial.crops), at: trial.rectangles, weights, height: height, width: width, context))
        for (image, rectangle) in found.rectangles.enumerated() {
            let maps = found.maps.tensor(image: image, rectangle, height: height, width: width)
            #expect(maps.isIdentical(to: expected.slice(image)), "\(what), image \(image)")
        }
    }

    @Test func spreadingIsForFiniteSignals() {
        let problem = ConvolutionProblem.named[0]
        let size = problem.outputSize
        var signal = Tensor(shape: [1, problem.outputs, size.height, size.width])
        let whole = [MapRectangle(rows: 0..<size.height, columns: 0..<size.width)]
        for value in [Float.infinity, .nan] {
            signal[0, 5, 3, 2] = value
            #expect(
                TransposedConvolution.spread(
                    .maps(MapCrops(whole: BlockedMaps(signal))), at: whole, problem.weights, height: problem.height,
                    width: problem.width, best) == nil)
        }
    }

    @Test(arguments: MaxPoolingTests.problems + PoolingProblem.dilated, OverlapRule.allCases)
    func anUnpoolingHasTheBitsOfTheWhole(_ problem: PoolingProblem, _ rule: OverlapRule) throws {
        let x = BlockedMaps(problem.input).view(images: 0..<1)
        let switches = try MaxPooling.forwardWithSwitches(x, problem.geometry, best).switches
        let trial = Trial(problem.signal, seed: problem.seed, keeping: 1, best)
        let all = switches.repeated(images: trial.rectangles.count)
        for rectified in [false, true] {
            let expected = Unpooling.forward(trial.whole, all, overlap: rule, rectified: rectified, best)
            let found = Unpooling.forward(
                trial.crops, at: trial.rectangles, all, problem.geometry, overlap: rule, rectified: rectified, best)
            let maps = found.maps.maps(found.rectangles, height: problem.height, width: problem.width, best)
            #expect(maps.isIdentical(to: expected), "rectified \(rectified)")
        }
    }

    @Test(arguments: MaxPoolingTests.problems + PoolingProblem.dilated, [(20, 1), (3, 1), (2, 2)])
    func whatIsUnpooledAsItIsReadHasTheBitsOfTheWhole(_ problem: PoolingProblem, _ behind: (Int, Int)) throws {
        let (inputs, stride) = behind
        let (height, width) = ((problem.height - 1) * stride + 1, (problem.width - 1) * stride + 1)
        let weights = ConvolutionProblem(
            inputs: inputs, outputs: problem.channels, height: height, width: width,
            geometry: WindowGeometry(kernel: 3, stride: stride, pad: 1)
        ).weights
        let x = BlockedMaps(problem.input).view(images: 0..<1)
        let switches = try MaxPooling.forwardWithSwitches(x, problem.geometry, best).switches
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            let trial = Trial(problem.signal, seed: problem.seed, keeping: 2, context)
            let all = switches.repeated(images: trial.rectangles.count)
            for rectified in [false, true] {
                let unpooled = Unpooling.forward(trial.whole, all, overlap: .sum, rectified: rectified, context)
                let expected = TransposedConvolution.adjoint(unpooled, weights, height: height, width: width, context)
                let pooled = PooledCrops(trial.crops, at: trial.rectangles, all, problem.geometry, rectified: rectified)
                for way in [TransposedConvolution.Way.sparse, .dense] {
                    let found = TransposedConvolution.adjoint(
                        .pooled(pooled), at: pooled.reached, weights, height: height, width: width, rectified: false,
                        by: way, context)
                    let maps = found.maps.maps(found.rectangles, height: height, width: width, context)
                    #expect(maps.isIdentical(to: expected), "\(variant), rectified \(rectified), \(way)")
                }
                guard TransposedConvolution.spreads(weights) else { continue }
                let found = try #require(
                    TransposedConvolution.spread(
                        .pooled(pooled), at: pooled.reached, weights, height: height, width: width, context))
                for (image, rectangle) in found.rectangles.enumerated() {
                    let maps = found.maps.tensor(image: image, rectangle, height: height, width: width)
                    #expect(maps.isIdentical(to: expected.tensor().slice(image)), "\(variant), image \(image)")
                }
            }
        }
    }

    @Test func theSumOfSignalsIsThatOfWholeMaps() {
        let signal = randomTensor(shape: [1, 20, 7, 9], seed: 3)
        let (a, b) = (Trial(signal, seed: 1, keeping: 1, best), Trial(signal, seed: 2, keeping: 1, best))
        let found = Elementwise.add(a.crops, a.rectangles, b.crops, b.rectangles, best)
        let maps = found.sum.maps(found.rectangles, height: 7, width: 9, best)
        #expect(maps.isIdentical(to: Elementwise.add(a.whole, b.whole, best)))
    }
}
