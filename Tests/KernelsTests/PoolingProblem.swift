import Kernels
import TestSupport
import Tensors

/// One pooling to compute in several ways.
struct PoolingProblem: Sendable, CustomStringConvertible {
    var images = 1
    var channels: Int
    var height: Int
    var width: Int
    var geometry: WindowGeometry
    /// Whether values are few, so that windows tie.
    var hasTies = false
    var seed: UInt64 = 1

    var description: String {
        let g = geometry
        return "\(images)×[\(channels), \(height), \(width)], kernel \(g.kernelHeight)×\(g.kernelWidth), stride "
            + "\(g.strideY)×\(g.strideX), dilation \(g.dilationY)×\(g.dilationX), pads \(g.padTop) \(g.padLeft) "
            + "\(g.padBottom) \(g.padRight)\(g.ceilMode ? ", ceiling" : "")\(hasTies ? ", ties" : "")"
    }

    var size: (height: Int, width: Int) { geometry.outputSize(height: height, width: width) ?? (0, 0) }

    var input: Tensor {
        let x = randomTensor(shape: [images, channels, height, width], seed: seed)
        return hasTies ? Tensor(shape: x.shape, values: x.values.map { ($0 * 1.5).rounded() }) : x
    }

    var signal: Tensor {
        randomTensor(shape: [images, channels, size.height, size.width], seed: seed &+ 1)
    }

    /// The positions of the image within a window, in row-major order, and how many the window has with its padding.
    func window(_ y: Int, _ x: Int) -> (positions: [Int], withPadding: Int) {
        let g = geometry
        var positions: [Int] = []
        var withPadding = 0
        for ky in 0..<g.kernelHeight {
            for kx in 0..<g.kernelWidth {
                let row = y * g.strideY - g.padTop + ky * g.dilationY
                let column = x * g.strideX - g.padLeft + kx * g.dilationX
                if row < height + g.padBottom && column < width + g.padRight { withPadding += 1 }
                if row >= 0 && row < height && column >= 0 && column < width {
                    positions.append(row * width + column)
                }
            }
        }
        return (positions, withPadding)
    }

    /// Walks over all windows of all maps in row-major order: the flat index of the output and of the map's beginning.
    func eachWindow(_ body: (_ output: Int, _ plane: Int, _ positions: [Int], _ withPadding: Int) -> Void) {
        for map in 0..<images * channels {
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let (positions, withPadding) = window(y, x)
                    body((map * size.height + y) * size.width + x, map * height * width, positions, withPadding)
                }
            }
        }
    }

    static let all: [PoolingProblem] = [
        PoolingProblem(channels: 64, height: 23, width: 25, geometry: WindowGeometry(kernel: 3, stride: 2)),
        PoolingProblem(
            channels: 20, height: 14, width: 13, geometry: WindowGeometry(kernel: 3, stride: 2, ceilMode: true)),
        PoolingProblem(
            channels: 7, height: 9, width: 8, geometry: WindowGeometry(kernel: 3, stride: 1, pad: 1), hasTies: true),
        PoolingProblem(
            images: 3, channels: 17, height: 8, width: 8, geometry: WindowGeometry(kernel: 2, stride: 2)),
        PoolingProblem(
            images: 2, channels: 40, height: 11, width: 6, geometry: WindowGeometry(kernel: 3, stride: 3, pad: 1),
            hasTies: true),
        PoolingProblem(
            channels: 16, height: 10, width: 12,
            geometry: WindowGeometry(
                kernelHeight: 2, kernelWidth: 3, strideY: 3, strideX: 1, padTop: 1, padLeft: 0, padBottom: 0,
                padRight: 2, ceilMode: true)),
        PoolingProblem(channels: 1, height: 1, width: 1, geometry: WindowGeometry(kernel: 1)),
        PoolingProblem(
            channels: 5, height: 5, width: 4,
            geometry: WindowGeometry(kernelHeight: 5, kernelWidth: 4)),
        PoolingProblem(
            channels: 3, height: 7, width: 7, geometry: WindowGeometry(kernel: 2, stride: 2, pad: 1, ceilMode: true)),
    ]

    static let dilated: [PoolingProblem] = [
        PoolingProblem(channels: 18, height: 12, width: 11, geometry: WindowGeometry(kernel: 3, dilation: 2)),
        PoolingProblem(
            channels: 9, height: 12, width: 11, geometry: WindowGeometry(kernel: 2, stride: 2, dilation: 3, pad: 1),
            hasTies: true),
    ]
}
