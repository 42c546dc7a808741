import Kernels
import TestSupport
import Tensors
import Testing

/// The blocked layout, its views and copies.
struct BlockedMapsTests {
    @Test(arguments: [1, 3, 15, 16, 17, 40])
    func aTensorComesBackAsItWas(_ channels: Int) {
        let x = randomTensor(shape: [2, channels, 5, 3], seed: 1)
        let maps = BlockedMaps(x)
        #expect(maps.tensor().isIdentical(to: x))
        #expect(maps.tensor(image: 1).isIdentical(to: x.slice(1)))
        #expect(maps.rows().isIdentical(to: x.reshaped(to: [2, channels * 15])))
        #expect(maps.map(image: 1, channel: channels - 1).isIdentical(to: x.slice(1).slice(channels - 1)))
        #expect(BlockedMaps(x.slice(0)).isIdentical(to: maps.view(images: 0..<1)))
        #expect(maps.value(image: 1, channel: channels / 2, y: 4, x: 2) == x[1, channels / 2, 4, 2])
    }

    @Test func rowsOfFeaturesAreMapsOfOnePosition() {
        let x = randomTensor(shape: [3, 20], seed: 2)
        let maps = BlockedMaps(x)
        #expect((maps.images, maps.channels, maps.height, maps.width) == (3, 20, 1, 1))
        #expect(maps.rows().isIdentical(to: x))
    }

    @Test func viewsSeeTheirPart() {
        let x = randomTensor(shape: [3, 40, 2, 2], seed: 3)
        let maps = BlockedMaps(x)
        let view = maps.view(channels: 16..<40).view(images: 1..<3)
        #expect((view.images, view.channels) == (2, 24))
        #expect(view.value(image: 1, channel: 9, y: 1, x: 0) == x[2, 25, 1, 0])
        #expect(view.tensor()[0, 23, 1, 1] == x[1, 39, 1, 1])
    }

    @Test func oneImageStandsForSeveral() {
        let maps = BlockedMaps(randomTensor(shape: [1, 20, 3, 3], seed: 4))
        let several = maps.repeated(images: 3)
        for image in 0..<3 { #expect(several.view(images: image..<image + 1).isIdentical(to: maps)) }
        #expect(several.tensor().isIdentical(to: Tensor.stacked([maps, maps, maps].map { $0.tensor(image: 0) })))
    }

    @Test func theMaximumIsTheFirstInRowMajorOrder() {
        let values: [Float] = [1, 5, 2, 5, 0, .nan]
        let maps = BlockedMaps(Tensor(shape: [1, 1, 2, 3], values: values))
        #expect(maps.maximum(image: 0, channel: 0) == MapPosition(value: 5, y: 0, x: 1))
        let withNaN = BlockedMaps(Tensor(shape: [1, 1, 1, 3], values: [.nan, -2, -3]))
        #expect(withNaN.maximum(image: 0, channel: 0) == MapPosition(value: -2, y: 0, x: 1))
        #expect(maps.containsNaN())
        #expect(!BlockedMaps(images: 1, channels: 3, height: 2, width: 2).containsNaN())
    }

    @Test func theStrongestChannelIsTheLowerOnATie() {
        let x = Tensor(shape: [1, 4, 1, 2], values: [1, 2, 7, 0, 3, 7, 7, 7])
        #expect(BlockedMaps(x).strongestChannel(image: 0) == 1)
        #expect(BlockedMaps(images: 1, channels: 20, height: 2, width: 2).strongestChannel(image: 0) == 0)
    }

    @Test func removedChannelsAreExactlyZeroAndOthersKept() {
        let x = randomTensor(shape: [2, 20, 3, 3], seed: 6)
        let maps = BlockedMaps(x)
        let removed = maps.zeroing(channels: [3, 17])
        let one = maps.zeroing(image: 1, channels: [0])
        for channel in 0..<20 {
            for image in 0..<2 {
                let zero = Tensor(shape: [3, 3])
                let original = maps.map(image: image, channel: channel)
                let isRemoved = channel == 3 || channel == 17
                #expect(
                    removed.map(image: image, channel: channel).isIdentical(to: isRemoved ? zero : original))
                let isZero = channel == 0 && image == 1
                #expect(one.map(image: image, channel: channel).isIdentical(to: isZero ? zero : original))
            }
        }
        #expect(maps.tensor().isIdentical(to: x))
    }

    @Test func keptChannelsStandAlone() {
        let x = randomTensor(shape: [2, 20, 3, 3], seed: 6)
        let kept = BlockedMaps(x).keeping(image: 1, channels: [19])
        var expected = Tensor(shape: [1, 20, 3, 3])
        for y in 0..<3 {
            for column in 0..<3 { expected[0, 19, y, column] = x[1, 19, y, column] }
        }
        #expect(kept.tensor().isIdentical(to: expected))
    }

    @Test func aUnitIsOneValue() {
        let unit = BlockedMaps.unit(channels: 18, height: 4, width: 5, channel: 17, y: 3, x: 2, value: -2.5)
        var expected = Tensor(shape: [1, 18, 4, 5])
        expected[0, 17, 3, 2] = -2.5
        #expect(unit.tensor().isIdentical(to: expected))
    }

    @Test func stackedMapsFollowOneAnother() {
        let x = randomTensor(shape: [3, 5, 2, 2], seed: 7)
        let maps = BlockedMaps(x)
        let stacked = BlockedMaps.stacked([maps.view(images: 0..<2), maps.view(images: 2..<3)])
        #expect(stacked.isIdentical(to: maps))
    }

    @Test func concatenationKeepsTheOrderOfChannels() throws {
        for channels in [[16, 32, 5], [3, 20, 1, 17], [40]] {
            let total = channels.reduce(0, +)
            let x = randomTensor(shape: [2, total, 3, 2], seed: 8)
            let whole = BlockedMaps(x)
            let parts = Concatenation.split(whole, channels: channels, best)
            #expect(parts.map(\.channels) == channels)
            var start = 0
            for part in parts {
                for channel in 0..<part.channels {
                    #expect(
                        part.map(image: 1, channel: channel)
                            .isIdentical(to: whole.map(image: 1, channel: start + channel)))
                }
                start += part.channels
            }
            #expect(Concatenation.forward(parts, best).isIdentical(to: whole))
            try withThreads(2) { context in
                #expect(Concatenation.forward(parts, context).isIdentical(to: whole))
            }
        }
        #expect(Concatenation.isAligned([16, 32, 5]))
        #expect(!Concatenation.isAligned([16, 5, 32]))
    }

    @Test func flatteningFollowsONNXsOrder() {
        let x = randomTensor(shape: [2, 20, 3, 2], seed: 9)
        let maps = BlockedMaps(x)
        let flat = Flattening.forward(maps, best)
        #expect(flat.rows().isIdentical(to: x.reshaped(to: [2, 120])))
        #expect(Flattening.adjoint(flat, channels: 20, height: 3, width: 2, best).isIdentical(to: maps))
    }
}
