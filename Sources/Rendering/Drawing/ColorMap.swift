/// A way from numbers to colours.
package struct ColorMap: Sendable {
    private let table: [UInt32]
    /// The values that the two ends stand for.
    package let low: Float
    package let high: Float

    /// Perceptually uniform from dark to light, for values that are all on one side of zero.
    package static func sequential(_ low: Float, _ high: Float) -> ColorMap {
        ColorMap(table: ColorTables.sequential, low: low, high: high)
    }

    /// Blue below zero, light grey at zero, red above, alike on both sides.
    package static func diverging(_ largest: Float) -> ColorMap {
        let end = largest > 0 ? largest : 1
        return ColorMap(table: ColorTables.diverging, low: -end, high: end)
    }

    private init(table: [UInt32], low: Float, high: Float) {
        self.table = table
        self.low = low
        self.high = high > low ? high : low + 1
    }

    /// The colour of `value`; beyond the ends it is that of the end.
    package func color(_ value: Float) -> Color { color(share: (value - low) / (high - low)) }

    /// The colour at `share` (0 … 1) of the way.
    package func color(share: Float) -> Color {
        let index = Int((min(1, max(0, share.isNaN ? 0 : share)) * Float(table.count - 1)).rounded())
        return Color(table[index])
    }

    /// How many classes have a colour of their own.
    package static let categoryLimit = 12

    /// Colours far from one another, by rank; from the limit on all are one grey, for "other".
    package static func categorical(_ rank: Int) -> Color {
        rank < categoryLimit ? Color(ColorTables.categorical[rank]) : Color(0x9AA0A6)
    }
}
