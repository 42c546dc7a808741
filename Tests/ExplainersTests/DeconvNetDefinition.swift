import Explainers
import Foundation
import Tensors

/// The DeconvNet of Zeiler & Fergus (arXiv:1311.2901, section 2.1) written out with dense matrices, in double precision,
/// slowly and straight from the paper: the projection of a unit is V₁ᵀ R V₂ᵀ R … applied to its activation, V being the
/// filters as a matrix, R the rectification, and each pooling a matrix of zeros and ones given by its switches.
struct DeconvNetDefinition {
    enum Step {
        case convolution(name: String, weights: Tensor, bias: Tensor, stride: Int, pad: Int)
        case rectification(name: String)
        case maxPooling(name: String, size: Int, stride: Int)
        case normalization(name: String, size: Int, alpha: Double, beta: Double, bias: Double)
        case dense(name: String, weights: Tensor, bias: Tensor)
    }

    /// A matrix of rows × columns.
    struct Matrix {
        let rows, columns: Int
        var values: [Double]

        init(rows: Int, columns: Int) {
            (self.rows, self.columns) = (rows, columns)
            values = [Double](repeating: 0, count: rows * columns)
        }

        subscript(row: Int, column: Int) -> Double {
            get { values[row * columns + column] }
            set { values[row * columns + column] = newValue }
        }

        func applied(to vector: [Double]) -> [Double] {
            (0..<rows).map { row in (0..<columns).reduce(0) { $0 + self[row, $1] * vector[$1] } }
        }

        func transposed(appliedTo vector: [Double]) -> [Double] {
            (0..<columns).map { column in (0..<rows).reduce(0) { $0 + self[$1, column] * vector[$1] } }
        }
    }

    /// How the signal comes down through a step.
    enum Descent {
        case matrix(Matrix)
        case rectification
        case unpooling(switches: [Int], size: Int)
        case normalization(gradient: Matrix)
    }

    /// A step done: what came out, [channels, height, width], and the way back.
    struct Stage {
        let name: String
        let shape: Shape
        let output: [Double]
        let descent: Descent
    }

    let stages: [Stage]

    init(_ steps: [Step], input: Tensor) {
        var stages: [Stage] = []
        var (shape, values) = (input.shape, input.values.map(Double.init))
        for step in steps {
            let stage = Self.stage(step, shape: shape, values: values)
            stages.append(stage)
            (shape, values) = (stage.shape, stage.output)
        }
        self.stages = stages
    }

    /// The projection of one unit of the stage called `name`, in row-major order of the input.
    func projection(from name: String, unit index: Int, options: DeconvNetOptions) -> [Float] {
        guard let top = stages.firstIndex(where: { $0.name == name }) else { return [] }
        var signal = stages[top].output.map { _ in 0.0 }
        signal[index] = options.seed == .one ? 1 : stages[top].output[index]
        for stage in stages[...top].reversed() {
            switch stage.descent {
            case .matrix(let matrix): signal = matrix.transposed(appliedTo: signal)
            case .rectification: signal = signal.map { max(0, $0) }
            case .unpooling(let switches, let size): signal = unpooled(signal, switches, size, options.overlap)
            case .normalization(let gradient):
                if options.lrn == .gradient { signal = gradient.transposed(appliedTo: signal) }
            }
        }
        return signal.map { Float($0) }
    }

    private func unpooled(
        _ signal: [Double], _ switches: [Int], _ size: Int, _ overlap: DeconvNetOptions.Overlap
    ) -> [Double] {
        var result = [Double?](repeating: nil, count: size)
        for (window, position) in switches.enumerated() {
            let value = signal[window]
            switch overlap {
            case .sum: result[position] = (result[position] ?? 0) + value
            case .max: result[position] = max(result[position] ?? value, value)
            case .last: result[position] = value
            }
        }
        return result.map { $0 ?? 0 }
    }
}

extension DeconvNetDefinition {
    private static func stage(_ step: Step, shape: Shape, values: [Double]) -> Stage {
        switch step {
        case .convolution(let name, let weights, let bias, let stride, let pad):
            let (outShape, matrix) = convolution(weights, stride: stride, pad: pad, shape: shape)
            let area = outShape[1] * outShape[2]
            let output = matrix.applied(to: values).enumerated().map { $1 + Double(bias.values[$0 / area]) }
            return Stage(name: name, shape: outShape, output: output, descent: .matrix(matrix))
        case .dense(let name, let weights, let bias):
            var matrix = Matrix(rows: weights.shape[0], columns: weights.shape[1])
            matrix.values = weights.values.map(Double.init)
            let output = matrix.applied(to: values).enumerated().map { $1 + Double(bias.values[$0]) }
            return Stage(name: name, shape: [matrix.rows, 1, 1], output: output, descent: .matrix(matrix))
        case .rectification(let name):
            return Stage(name: name, shape: shape, output: values.map { max(0, $0) }, descent: .rectification)
        case .maxPooling(let name, let size, let stride):
            return pooling(name, size: size, stride: stride, shape: shape, values: values)
        case .normalization(let name, let size, let alpha, let beta, let bias):
            return normalization(name, (size, alpha, beta, bias), shape: shape, values: values)
        }
    }

    /// Row (o, y, x), column (i, v, u) of the matrix is the weight with which the output sees the input.
    private static func convolution(_ weights: Tensor, stride: Int, pad: Int, shape: Shape) -> (Shape, Matrix) {
        let (outputs, inputs, kernel) = (weights.shape[0], weights.shape[1], weights.shape[2])
        let (height, width) = (shape[1], shape[2])
        let (rows, columns) = ((height + 2 * pad - kernel) / stride + 1, (width + 2 * pad - kernel) / stride + 1)
        var matrix = Matrix(rows: outputs * rows * columns, columns: inputs * height * width)
        for o in 0..<outputs {
            for y in 0..<rows {
                for x in 0..<columns {
                    for i in 0..<inputs {
                        for v in 0..<kernel {
                            for u in 0..<kernel {
                                let (sourceY, sourceX) = (y * stride + v - pad, x * stride + u - pad)
                                guard (0..<height).contains(sourceY), (0..<width).contains(sourceX) else { continue }
                                let column = (i * height + sourceY) * width + sourceX
                                matrix[(o * rows + y) * columns + x, column] = Double(weights[o, i, v, u])
                            }
                        }
                    }
                }
            }
        }
        return ([outputs, rows, columns], matrix)
    }

    private static func pooling(_ name: String, size: Int, stride: Int, shape: Shape, values: [Double]) -> Stage {
        let (height, width) = (shape[1], shape[2])
        let (rows, columns) = ((height - size) / stride + 1, (width - size) / stride + 1)
        var switches: [Int] = []
        for channel in 0..<shape[0] {
            for y in 0..<rows {
                for x in 0..<columns {
                    let window = (0..<size * size).map {
                        (channel * height + y * stride + $0 / size) * width + x * stride + $0 % size
                    }
                    let largest = window.map { values[$0] }.max() ?? 0
                    switches.append(window.first { values[$0] == largest } ?? 0)
                }
            }
        }
        return Stage(
            name: name, shape: [shape[0], rows, columns], output: switches.map { values[$0] },
            descent: .unpooling(switches: switches, size: values.count))
    }

    /// y = x · d^−β with d = bias + α / size · Σ x² over neighbouring channels, and its matrix of derivatives.
    private static func normalization(
        _ name: String, _ p: (size: Int, alpha: Double, beta: Double, bias: Double), shape: Shape, values: [Double]
    ) -> Stage {
        let area = shape[1] * shape[2]
        var gradient = Matrix(rows: values.count, columns: values.count)
        var output = values
        for index in values.indices {
            let channel = index / area
            let first = max(0, channel - (p.size - 1) / 2)
            let last = min(shape[0] - 1, channel - (p.size - 1) / 2 + p.size - 1)
            let neighbours = (first...last).map { $0 * area + index % area }
            let d = p.bias + p.alpha / Double(p.size) * neighbours.reduce(0) { $0 + values[$1] * values[$1] }
            output[index] = values[index] * pow(d, -p.beta)
            gradient[index, index] += pow(d, -p.beta)
            for other in neighbours {
                gradient[index, other] -=
                    2 * p.alpha * p.beta / Double(p.size) * values[index] * values[other] * pow(d, -p.beta - 1)
            }
        }
        return Stage(name: name, shape: shape, output: output, descent: .normalization(gradient: gradient))
    }
}
