import Kernels
import TestSupport
import Tensors
import Testing

/// Which convolutions are computed in tiles: it follows from the weights alone.
struct TileChoiceTests {
    @Test(arguments: [
        (64, 64, true), (512, 512, true), (384, 256, true), (63, 63, false), (128, 32, false),
        // Layers that widen: fourfold, from few channels or many.
        (16, 64, true), (32, 128, true), (48, 192, false), (64, 256, true), (64, 128, false), (256, 512, false),
        (3, 64, false),
    ])
    func squareLayersAndThoseThatWidenFourfold(_ inputs: Int, _ outputs: Int, _ isTiled: Bool) {
        #expect(weights(inputs, outputs).isTiled == isTiled)
    }

    @Test func layersOfAnotherGeometryAreNot() {
        #expect(!weights(64, 64, kernel: 1).isTiled)
        #expect(!weights(64, 64, kernel: 5).isTiled)
        #expect(!weights(64, 64, stride: 2).isTiled)
    }

    @Test func noWeightMayBeInfinite() {
        var values = randomTensor(shape: [64, 64, 3, 3], seed: 1)
        values[3, 2, 1, 0] = .infinity
        let geometry = WindowGeometry(kernel: 3, stride: 1, pad: 1)
        #expect(!ConvolutionWeights(weights: values, bias: nil, geometry: geometry).isTiled)
    }

    private func weights(_ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1) -> ConvolutionWeights {
        ConvolutionWeights(
            weights: randomTensor(shape: [outputs, inputs, kernel, kernel], seed: 1), bias: nil,
            geometry: WindowGeometry(kernel: kernel, stride: stride, pad: kernel / 2))
    }
}
