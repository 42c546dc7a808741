import Kernels
import TestSupport
import Tensors

/// One convolution to compute in several ways.
struct ConvolutionProblem: Sendable, CustomStringConvertible {
    var images = 1
    var inputs: Int
    var outputs: Int
    var groups = 1
    var height: Int
    var width: Int
    var geometry: WindowGeometry
    var activation = Activation.identity
    var isAdded = false
    var seed: UInt64 = 1
    var method = ConvolutionWeights.Method.direct

    var description: String {
        let g = geometry
        return "\(images)×[\(inputs), \(height), \(width)] to \(outputs) in \(groups) groups, kernel "
            + "\(g.kernelHeight)×\(g.kernelWidth), stride \(g.strideY)×\(g.strideX), dilation "
            + "\(g.dilationY)×\(g.dilationX), pads \(g.padTop) \(g.padLeft) \(g.padBottom) \(g.padRight), "
            + "\(activation)\(isAdded ? ", added" : ""), seed \(seed), \(method)"
    }

    var outputSize: (height: Int, width: Int) { geometry.outputSize(height: height, width: width) ?? (0, 0) }
    var inputTensor: Tensor { randomTensor(shape: [images, inputs, height, width], seed: seed) }
    var weightTensor: Tensor {
        randomTensor(
            shape: [outputs, inputs / groups, geometry.kernelHeight, geometry.kernelWidth], seed: seed &+ 1)
    }
    var biasTensor: Tensor { randomTensor(shape: [outputs], seed: seed &+ 2) }
    var addendTensor: Tensor {
        randomTensor(shape: [images, outputs, outputSize.height, outputSize.width], seed: seed &+ 3)
    }
    var signalTensor: Tensor {
        randomTensor(shape: [images, outputs, outputSize.height, outputSize.width], seed: seed &+ 4)
    }
    var weights: ConvolutionWeights {
        ConvolutionWeights(weights: weightTensor, bias: biasTensor, groups: groups, geometry: geometry, method: method)
    }

    /// What rectangles of outputs look at.
    func span(of rectangle: MapRectangle) -> MapRectangle {
        if method != .tiled { return geometry.span(of: rectangle) }
        let tiles = rectangle.grown(
            toMultiplesOf: ConvolutionWeights.tileSide, height: outputSize.height, width: outputSize.width)
        return geometry.inputs(of: tiles, height: height, width: width)
    }

    func forward(_ context: KernelContext) -> BlockedMaps {
        Convolution.forward(
            BlockedMaps(inputTensor), weights, activation: activation,
            adding: isAdded ? BlockedMaps(addendTensor) : nil, context)
    }

    func forwardFromInput(_ context: KernelContext) -> BlockedMaps {
        Convolution.forward(
            InputMaps(inputTensor), weights, activation: activation, adding: isAdded ? BlockedMaps(addendTensor) : nil,
            context)
    }

    func adjoint(_ context: KernelContext) -> BlockedMaps {
        TransposedConvolution.adjoint(BlockedMaps(signalTensor), weights, height: height, width: width, context)
    }

    /// The convolution as its definition says, in double, one output at a time.
    func expected() -> Tensor {
        let (x, w, bias, addend) = (inputTensor, weightTensor, biasTensor, addendTensor)
        return eachTap(into: [images, outputs, outputSize.height, outputSize.width]) { output, input, weight, sums in
            sums[output] += Double(x[flat: input]) * Double(w[flat: weight])
        } finish: { sums, index in
            let plane = outputSize.height * outputSize.width
            var value = sums + Double(bias[flat: index / plane % outputs])
            if isAdded { value += Double(addend[flat: index]) }
            return activation.value(Float(value))
        }
    }

    /// Its adjoint, in double.
    func expectedAdjoint() -> Tensor {
        let (r, w) = (signalTensor, weightTensor)
        return eachTap(into: [images, inputs, height, width]) { output, input, weight, sums in
            sums[input] += Double(r[flat: output]) * Double(w[flat: weight])
        } finish: { sum, _ in
            Float(sum)
        }
    }

    /// Walks over every product that the convolution is a sum of: the flat indices of output, input and weight.
    private func eachTap(
        into shape: Shape, _ body: (Int, Int, Int, inout [Double]) -> Void, finish: (Double, Int) -> Float
    ) -> Tensor {
        var sums = [Double](repeating: 0, count: shape.count)
        let (g, size) = (geometry, outputSize)
        let (inputsEach, outputsEach) = (inputs / groups, outputs / groups)
        for image in 0..<images {
            for o in 0..<outputs {
                for y in 0..<size.height {
                    for x in 0..<size.width {
                        let output = ((image * outputs + o) * size.height + y) * size.width + x
                        for i in 0..<inputsEach {
                            for ky in 0..<g.kernelHeight {
                                for kx in 0..<g.kernelWidth {
                                    let row = y * g.strideY - g.padTop + ky * g.dilationY
                                    let column = x * g.strideX - g.padLeft + kx * g.dilationX
                                    if row < 0 || row >= height || column < 0 || column >= width { continue }
                                    let channel = o / outputsEach * inputsEach + i
                                    let input = ((image * inputs + channel) * height + row) * width + column
                                    let weight = ((o * inputsEach + i) * g.kernelHeight + ky) * g.kernelWidth + kx
                                    body(output, input, weight, &sums)
                                }
                            }
                        }
                    }
                }
            }
        }
        return Tensor(shape: shape, values: sums.indices.map { finish(sums[$0], $0) })
    }
}

extension Tolerance {
    /// Sums of up to a few thousand products of numbers below 1 in floats, against the same in double.
    static let summation = Tolerance.relative(4e-6, reason: "rounding of a long sum in 32 bits")

    /// The same by way of Winograd's transforms, which magnify roundings.
    static let tiles = Tolerance.relative(2e-5, reason: "rounding of transforms and of a long sum in 32 bits")
}
