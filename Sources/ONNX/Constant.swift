/// A tensor known at import: a weight, a parameter or a piece of shape arithmetic.
struct Constant: Equatable {
    /// What the file holds, floats of every width as `Float`, integers and truth values as `Int64`.
    enum Elements: Equatable {
        case floats([Float])
        case integers([Int64])
    }

    let dimensions: [Int]
    let elements: Elements

    /// `dimensions` must multiply to the number of elements.
    init(dimensions: [Int], elements: Elements) {
        self.dimensions = dimensions
        self.elements = elements
        let product = dimensions.reduce(1, *)
        precondition(product == count, "\(count) elements in a constant of \(dimensions)")
    }

    init(integers: [Int64]) {
        self.init(dimensions: [integers.count], elements: .integers(integers))
    }

    var count: Int {
        switch elements {
        case .floats(let values): values.count
        case .integers(let values): values.count
        }
    }

    /// The values as floats; large integers are rounded to the nearest.
    var floats: [Float] {
        switch elements {
        case .floats(let values): values
        case .integers(let values): values.map { Float($0) }
        }
    }

    /// The values as integers, `nil` for a tensor of floats.
    var integers: [Int64]? {
        switch elements {
        case .floats: nil
        case .integers(let values): values
        }
    }

    func reshaped(to dimensions: [Int]) -> Constant {
        Constant(dimensions: dimensions, elements: elements)
    }

    /// The tensor with its axes in another order: axis i of the result is axis `permutation[i]` of this.
    func transposed(_ permutation: [Int]) -> Constant {
        let strides = self.strides
        let sizes = permutation.map { dimensions[$0] }
        let steps = permutation.map { strides[$0] }
        switch elements {
        case .floats(let values):
            return Constant(dimensions: sizes, elements: .floats(Self.walk(values, sizes, steps)))
        case .integers(let values):
            return Constant(dimensions: sizes, elements: .integers(Self.walk(values, sizes, steps)))
        }
    }

    /// The slices at these positions along an axis, in this order.
    func taking(_ positions: [Int], along axis: Int) -> Constant {
        let inner = dimensions[(axis + 1)...].reduce(1, *)
        let outer = dimensions[..<axis].reduce(1, *)
        var sizes = dimensions
        sizes[axis] = positions.count
        func picked<Element>(_ values: [Element]) -> [Element] {
            var result: [Element] = []
            for block in 0..<outer {
                for position in positions {
                    let start = (block * dimensions[axis] + position) * inner
                    result += values[start..<(start + inner)]
                }
            }
            return result
        }
        switch elements {
        case .floats(let values): return Constant(dimensions: sizes, elements: .floats(picked(values)))
        case .integers(let values): return Constant(dimensions: sizes, elements: .integers(picked(values)))
        }
    }

    /// How far apart neighbours along each axis are.
    private var strides: [Int] {
        var strides = [Int](repeating: 1, count: dimensions.count)
        for axis in dimensions.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The values met by counting through `sizes`, the last axis fastest, with these steps.
    private static func walk<Element>(_ values: [Element], _ sizes: [Int], _ steps: [Int]) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: sizes.count)
        var position = 0
        for _ in values.indices {
            result.append(values[position])
            for axis in sizes.indices.reversed() {
                index[axis] += 1
                position += steps[axis]
                if index[axis] < sizes[axis] { break }
                position -= steps[axis] * sizes[axis]
                index[axis] = 0
            }
        }
        return result
    }

    /// The first value that is NaN or infinite.
    var firstNotFinite: Float? {
        switch elements {
        case .floats(let values): values.first { !$0.isFinite }
        case .integers: nil
        }
    }
}
