import Kernels
import Networks
import Tensors

/// One operation as dense matrices and an offset, from its definition.
struct LinearDefinition {
    let shape: [Int]
    let maps: [LinearMap]
    let offset: [Double]

    /// `values` are needed by max pooling alone, which is linear only once its switches are known.
    init(_ operation: Networks.Operation, shapes: [[Int]], values: [[Double]]) {
        let count = shapes[0].reduce(1, *)
        switch operation {
        case .convolution(let weights, let bias, let groups, let window):
            (shape, maps, offset) = LinearDefinition.convolution(shapes[0], weights, bias, groups, window)
        case .innerProduct(let weights, let bias):
            var map = LinearMap(rows: weights.shape[0], columns: count)
            for o in 0..<weights.shape[0] { for i in 0..<count { map.set(o, i, Double(weights[o, i])) } }
            shape = [weights.shape[0]]
            maps = [map]
            offset = bias?.values.map(Double.init) ?? Array(repeating: 0, count: weights.shape[0])
        case .maxPooling(let window): (shape, maps, offset) = LinearDefinition.maximum(shapes[0], values[0], window)
        case .averagePooling(let window, let countsPadding):
            (shape, maps, offset) = LinearDefinition.mean(shapes[0], window, countsPadding)
        case .globalAveragePooling(let keeps):
            let plane = shapes[0][1] * shapes[0][2]
            var map = LinearMap(rows: shapes[0][0], columns: count)
            for k in 0..<count { map.set(k / plane, k, 1 / Double(plane)) }
            shape = keeps ? [shapes[0][0], 1, 1] : [shapes[0][0]]
            maps = [map]
            offset = Array(repeating: 0, count: shapes[0][0])
        case .batchNormalization(let scale, let bias, let mean, let variance, let epsilon):
            let factor = (0..<scale.count).map {
                Double(scale[$0]) / (Double(variance[$0]) + Double(epsilon)).squareRoot()
            }
            let shift = factor.indices.map { Double(bias[$0]) - Double(mean[$0]) * factor[$0] }
            (shape, maps, offset) = LinearDefinition.perChannel(shapes[0], factor, shift)
        case .scaleShift(let scale, let shift):
            let spread = { (tensor: Tensor?, other: Double) in
                (0..<shapes[0][0]).map { c in tensor.map { Double($0[$0.count == 1 ? 0 : c]) } ?? other }
            }
            (shape, maps, offset) = LinearDefinition.perChannel(shapes[0], spread(scale, 1), spread(shift, 0))
        case .concat: (shape, maps, offset) = LinearDefinition.concatenation(shapes)
        case .flatten: (shape, maps, offset) = ([count], [.identity(count)], Array(repeating: 0, count: count))
        case .add, .identity:
            shape = shapes[0]
            maps = shapes.map { _ in .identity(count) }
            offset = Array(repeating: 0, count: count)
        case .activation, .localResponseNormalization, .softmax:
            preconditionFailure("\(operation) is not linear")
        }
    }

    private typealias Parts = ([Int], [LinearMap], [Double])

    private static func convolution(
        _ input: [Int], _ weights: Tensor, _ bias: Tensor?, _ groups: Int, _ window: Window
    ) -> Parts {
        let (outputs, perGroup) = (weights.shape[0], weights.shape[1])
        let taps = WindowTaps(window, height: input[1], width: input[2])
        let plane = taps.rows * taps.columns
        var map = LinearMap(rows: outputs * plane, columns: input.reduce(1, *))
        for o in 0..<outputs {
            let first = o / (outputs / groups) * perGroup
            taps.forEach { y, x, tap, inputY, inputX in
                for i in 0..<perGroup {
                    let column = ((first + i) * input[1] + inputY) * input[2] + inputX
                    map.set(o * plane + y * taps.columns + x, column, Double(weights[o, i, tap.y, tap.x]))
                }
            }
        }
        let offset = (0..<outputs * plane).map { row in bias.map { Double($0[row / plane]) } ?? 0 }
        return ([outputs, taps.rows, taps.columns], [map], offset)
    }

    private static func maximum(_ input: [Int], _ values: [Double], _ window: Window) -> Parts {
        let taps = WindowTaps(window, height: input[1], width: input[2])
        let plane = taps.rows * taps.columns
        var map = LinearMap(rows: input[0] * plane, columns: input.reduce(1, *))
        for c in 0..<input[0] {
            var best: [Int: Int] = [:]
            taps.forEach { y, x, _, inputY, inputX in
                let (row, column) = (c * plane + y * taps.columns + x, (c * input[1] + inputY) * input[2] + inputX)
                if let old = best[row], values[old] >= values[column] { return }
                best[row] = column
            }
            for (row, column) in best { map.set(row, column, 1) }
        }
        return ([input[0], taps.rows, taps.columns], [map], Array(repeating: 0, count: map.rows))
    }

    private static func mean(_ input: [Int], _ window: Window, _ countsPadding: Bool) -> Parts {
        let taps = WindowTaps(window, height: input[1], width: input[2])
        let plane = taps.rows * taps.columns
        var map = LinearMap(rows: input[0] * plane, columns: input.reduce(1, *))
        var counts = [Int](repeating: 0, count: plane)
        taps.forEach { y, x, _, _, _ in counts[y * taps.columns + x] += 1 }
        if countsPadding { counts = taps.countsWithPadding() }
        for c in 0..<input[0] {
            taps.forEach { y, x, _, inputY, inputX in
                let place = y * taps.columns + x
                map.set(c * plane + place, (c * input[1] + inputY) * input[2] + inputX, 1 / Double(counts[place]))
            }
        }
        return ([input[0], taps.rows, taps.columns], [map], Array(repeating: 0, count: map.rows))
    }

    private static func perChannel(_ input: [Int], _ scale: [Double], _ shift: [Double]) -> Parts {
        let count = input.reduce(1, *)
        let each = count / input[0]
        var map = LinearMap(rows: count, columns: count)
        for k in 0..<count { map.set(k, k, scale[k / each]) }
        return (input, [map], (0..<count).map { shift[$0 / each] })
    }

    private static func concatenation(_ inputs: [[Int]]) -> Parts {
        let counts = inputs.map { $0.reduce(1, *) }
        let total = counts.reduce(0, +)
        var start = 0
        let maps = counts.map { count in
            var map = LinearMap(rows: total, columns: count)
            for k in 0..<count { map.set(start + k, k, 1) }
            start += count
            return map
        }
        let shape = [inputs.reduce(0) { $0 + $1[0] }] + inputs[0].dropFirst()
        return (shape, maps, Array(repeating: 0, count: total))
    }
}
