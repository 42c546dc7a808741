import Tensors

/// A heatmap in characters: darker where the value is larger, dots where it is not positive.
struct HeatmapText {
    private let map: Tensor
    private static let shades: [Character] = ["·", "░", "▒", "▓", "█"]
    /// Two characters a cell keep cells about square; wider grids are thinned to fit a terminal.
    private static let maximumColumns = 38

    /// - Parameter map: [rows, columns].
    init(_ map: Tensor) { self.map = map }

    var text: String {
        let (rows, columns) = (map.shape[0], map.shape[1])
        let step = max(1, (columns + Self.maximumColumns - 1) / Self.maximumColumns)
        let peak = map.values.max() ?? 0
        var text = ""
        for row in stride(from: 0, to: rows, by: step) {
            for column in stride(from: 0, to: columns, by: step) {
                let share = peak > 0 ? map[row, column] / peak : 0
                let index = share > 0 ? min(Self.shades.count - 1, 1 + Int(share * Float(Self.shades.count - 1))) : 0
                text += String(repeating: Self.shades[index], count: 2)
            }
            text += "\n"
        }
        return text
    }
}
