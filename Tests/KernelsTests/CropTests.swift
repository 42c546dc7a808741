import Kernels
import TestSupport
import Tensors
import Testing

/// Kernels on rectangles of crops give the bits of the whole maps, read nothing that is not there and write nothing else.
struct CropTests {
    @Test(arguments: ConvolutionProblem.all)
    func aConvolutionHasTheBitsOfTheWhole(_ problem: ConvolutionProblem) {
        let x = BlockedMaps(problem.inputTensor).view(images: 0..<1)
        let weights = problem.weights
        let whole = Convolution.forward(x, weights, activation: problem.activation, best)
        let trial = CropTrial(x, to: whole, seed: problem.seed) { problem.span(of: $0) }
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            let result = trial.run(context) { crops, result in
                Convolution.forward(
                    crops, weights, activation: problem.activation, height: problem.height, width: problem.width,
                    at: trial.rectangles, into: result, context)
            }
            #expect(trial.difference(result) == nil, "\(variant)")
        }
    }

    @Test(arguments: ConvolutionProblem.all.filter { $0.inputs < 16 && $0.groups == 1 && $0.method == .direct })
    func aConvolutionOfAnUnblockedInputHasTheBitsOfTheWhole(_ problem: ConvolutionProblem) {
        let tensor = problem.inputTensor.slice(0)
        let weights = problem.weights
        let whole = Convolution.forward(BlockedMaps(tensor), weights, activation: problem.activation, best)
        let trial = CropTrial(BlockedMaps(tensor), to: whole, seed: problem.seed) { problem.geometry.span(of: $0) }
        let input = InputMaps(tensor)
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            let extent = trial.extent(of: trial.spans)
            let crops = MapCrops(
                corners: extent.corners, of: input, height: extent.height, width: extent.width, from: context.buffers)
            crops.spoil()
            crops.fill(trial.spans, but: trial.spans.map { _ in .empty }, from: input, context)
            let result = trial.emptyResult(context)
            Convolution.forward(
                crops, weights, activation: problem.activation, height: problem.height, width: problem.width,
                at: trial.rectangles, into: result, context)
            #expect(trial.difference(result) == nil, "\(variant)")
        }
    }

    @Test(arguments: PoolingProblem.all + PoolingProblem.dilated)
    func aMaxPoolingHasTheBitsOfTheWhole(_ problem: PoolingProblem) {
        let x = BlockedMaps(problem.input).view(images: 0..<1)
        let whole = MaxPooling.forward(x, problem.geometry, best)
        let trial = CropTrial(x, to: whole, seed: problem.seed) {
            problem.geometry.inputs(of: $0, height: problem.height, width: problem.width)
        }
        for variant in fastVariants + [.scalar] {
            let context = context(variant)
            let result = trial.run(context) { crops, result in
                MaxPooling.forward(
                    crops, problem.geometry, height: problem.height, width: problem.width, at: trial.rectangles,
                    into: result, context)
            }
            #expect(trial.difference(result) == nil, "\(variant)")
        }
    }

    @Test(arguments: PoolingProblem.all, [false, true])
    func anAveragePoolingHasTheBitsOfTheWhole(_ problem: PoolingProblem, countsPadding: Bool) {
        let x = BlockedMaps(problem.input).view(images: 0..<1)
        let whole = AveragePooling.forward(x, problem.geometry, countIncludesPadding: countsPadding, best)
        let trial = CropTrial(x, to: whole, seed: problem.seed) {
            problem.geometry.inputs(of: $0, height: problem.height, width: problem.width)
        }
        let result = trial.run(best) { crops, result in
            AveragePooling.forward(
                crops, problem.geometry, countIncludesPadding: countsPadding, height: problem.height,
                width: problem.width, at: trial.rectangles, into: result, best)
        }
        #expect(trial.difference(result) == nil)
    }

    @Test(arguments: [1, 16, 21])
    func operationsOnEachPositionHaveTheBitsOfTheWhole(_ channels: Int) {
        let x = BlockedMaps(randomTensor(shape: [1, channels, 9, 7], seed: 3))
        let scale = ScaleShift(
            scale: (0..<channels).map { Float($0) - 3.5 }, shift: (0..<channels).map { 0.1 - Float($0) })
        let norm = LocalResponseNormalization(size: 5, alpha: 0.5)
        let trial = { CropTrial(x, to: $0, seed: 5) { $0 } }
        for activation in [Activation.relu, .sigmoid, .clip(low: 0.5, high: 1)] {
            let activated = trial(Elementwise.activate(x, activation, best))
            let found = activated.run(best) { crops, result in
                Elementwise.activate(crops, activation, at: activated.rectangles, into: result, best)
            }
            #expect(activated.difference(found) == nil)
            let scaled = trial(scale.forward(x, activation: activation, best))
            let shifted = scaled.run(best) { crops, result in
                scale.forward(crops, activation: activation, at: scaled.rectangles, into: result, best)
            }
            #expect(scaled.difference(shifted) == nil)
            let added = trial(Elementwise.add(x, x, activation: activation, best))
            let sum = added.run(best) { crops, result in
                Elementwise.add(crops, crops, activation: activation, at: added.rectangles, into: result, best)
            }
            #expect(added.difference(sum) == nil)
        }
        let normalized = trial(norm.forward(x, best))
        let found = normalized.run(best) { crops, result in
            norm.forward(crops, at: normalized.rectangles, into: result, best)
        }
        #expect(normalized.difference(found) == nil)
    }

    @Test(arguments: [[16, 5], [3, 20], [17, 16, 40]])
    func aConcatenationHasTheBitsOfTheWhole(_ channels: [Int]) {
        let parts = channels.enumerated().map {
            BlockedMaps(randomTensor(shape: [1, $1, 6, 8], seed: UInt64($0 + 1)))
        }
        let whole = Concatenation.forward(parts, best)
        let trial = CropTrial(whole, to: whole, seed: 9) { $0 }
        let result = trial.emptyResult(best)
        var channel = 0
        for part in parts {
            let crops = trial.crops(of: part, best)
            Concatenation.place(crops, at: channel, of: result, in: trial.rectangles, best)
            channel += part.channels
        }
        result.clearUnusedLanes(at: trial.rectangles)
        #expect(trial.difference(result) == nil)
    }

    @Test func aFrameIsFilledAroundWhatIsThere() {
        let x = BlockedMaps(randomTensor(shape: [1, 20, 7, 6], seed: 1))
        let wanted = MapRectangle(rows: -2..<9, columns: -1..<8)
        for there in [MapRectangle(rows: 1..<4, columns: 2..<5), MapRectangle(rows: -2..<9, columns: 0..<1), .empty] {
            let crops = MapCrops(
                corners: [MapCorner(row: -2, column: -1)], channels: 20, height: 11, width: 9, from: best.buffers)
            crops.spoil()
            if !there.isEmpty { crops.set([there], to: [[Float](repeating: 7, count: 20)]) }
            crops.fill([wanted], but: [there], from: x, best)
            let result = BlockedMaps(images: 1, channels: 20, height: 7, width: 6)
            crops.inserted([x.whole], into: x, result: result, best)
            let found = result.tensor()
            for row in 0..<7 {
                for column in 0..<6 {
                    let isThere = there.rows.contains(row) && there.columns.contains(column)
                    #expect(found[0, 19, row, column] == (isThere ? 7 : x.tensor()[0, 19, row, column]))
                }
            }
        }
    }

    @Test func whatIsAsItWasIsNotFollowed() {
        let tensor = randomTensor(shape: [1, 18, 8, 9], seed: 2)
        let x = BlockedMaps(tensor)
        let rectangle = MapRectangle(rows: 1..<7, columns: 2..<9)
        func changed(_ places: [(Int, Int, Int)]) -> MapRectangle {
            var other = tensor
            for (channel, row, column) in places { other[0, channel, row, column] += 1 }
            let crops = MapCrops(
                corners: [MapCorner(row: 0, column: 0)], channels: 18, height: 8, width: 9, from: best.buffers)
            crops.fill([x.whole], but: [.empty], from: BlockedMaps(other), best)
            return crops.changed([rectangle], from: x, best)[0]
        }
        #expect(changed([]) == .empty)
        #expect(changed([(0, 0, 0), (3, 7, 8)]) == .empty)
        #expect(changed([(17, 3, 4)]) == MapRectangle(rows: 3..<4, columns: 4..<5))
        #expect(changed([(2, 1, 5), (16, 5, 8)]) == MapRectangle(rows: 1..<6, columns: 5..<9))
        #expect(changed([(2, 1, 2), (16, 6, 8)]) == rectangle)
    }

    @Test func rowSumsHaveTheBitsOfTheWhole() {
        let (before, after) = (
            randomTensor(shape: [1, 37, 9, 8], seed: 4), randomTensor(shape: [1, 37, 9, 8], seed: 5)
        )
        let maps = BlockedMaps(before)
        let trial = CropTrial(BlockedMaps(after), to: BlockedMaps(after), seed: 8) { $0 }
        let crops = trial.crops(of: BlockedMaps(after), best)
        let found = GlobalAveragePooling.rowSums(
            crops, trial.rectangles, in: maps, whose: GlobalAveragePooling.rowSums(maps, best), best)
        let changed = BlockedMaps(images: trial.rectangles.count, channels: 37, height: 9, width: 8)
        crops.inserted(trial.rectangles, into: maps, result: changed, best)
        #expect(found.isIdentical(to: GlobalAveragePooling.rowSums(changed, best)))
        let mean = GlobalAveragePooling.average(found, columns: 8, best)
        #expect(mean.isIdentical(to: GlobalAveragePooling.forward(changed, best)))
    }
}
