public import Kernels
internal import Tensors

/// A rectangle of the network's input that is filled with one value a channel.
public struct InputChange: Hashable, Sendable {
    /// The rectangle, within the input; it may be empty.
    public let rectangle: MapRectangle
    /// The values, one a channel.
    public let values: [Float]

    /// A change of these parts.
    public init(rectangle: MapRectangle, values: [Float]) {
        self.rectangle = rectangle
        self.values = values
    }
}

extension InputChange {
    /// The part of its rectangle that is left when rows and columns at the borders are cut off that it does not change.
    ///
    /// The input is [C, H, W] or [1, C, H, W].
    func changed(in input: Tensor) -> MapRectangle {
        var (rows, columns) = (rectangle.rows, rectangle.columns)
        let (channels, height, width) = InputChange.sizes(of: input)
        precondition(values.count == channels, "\(values.count) values for \(channels) channels")
        precondition(
            rectangle.isEmpty || MapRectangle(rows: 0..<height, columns: 0..<width).contains(rectangle),
            "a change of \(rectangle) of an input of \(height)×\(width)")
        if rectangle.isEmpty { return .empty }
        func isSame(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
            (0..<channels).allSatisfy { channel in
                rows.allSatisfy { row in
                    let start = (channel * height + row) * width
                    return columns.allSatisfy { input[flat: start + $0].bitPattern == values[channel].bitPattern }
                }
            }
        }
        while !rows.isEmpty && isSame(rows.prefix(1), columns) { rows = rows.dropFirst() }
        while !rows.isEmpty && isSame(rows.suffix(1), columns) { rows = rows.dropLast() }
        if rows.isEmpty { return .empty }
        while isSame(rows, columns.prefix(1)) { columns = columns.dropFirst() }
        while isSame(rows, columns.suffix(1)) { columns = columns.dropLast() }
        return MapRectangle(rows: rows, columns: columns)
    }

    /// The input with the change made.
    func applied(to input: Tensor) -> Tensor {
        var changed = input
        let (_, height, width) = InputChange.sizes(of: input)
        for (channel, value) in values.enumerated() {
            for row in rectangle.rows {
                let start = (channel * height + row) * width
                for column in rectangle.columns { changed[flat: start + column] = value }
            }
        }
        return changed
    }

    /// Channels, rows and columns of [C, H, W] or [1, C, H, W].
    private static func sizes(of input: Tensor) -> (channels: Int, height: Int, width: Int) {
        let sizes = input.shape.dimensions.suffix(3)
        return (sizes[sizes.startIndex], sizes[sizes.startIndex + 1], sizes[sizes.startIndex + 2])
    }
}
