import Foundation
import Switchback

/// Falls of accuracy as a table for people.
struct AccuracyTable {
    private let accuracy: AccuracyAnswer
    private let rowLimit: Int

    init(_ accuracy: AccuracyAnswer, rowLimit: Int) {
        self.accuracy = accuracy
        self.rowLimit = rowLimit
    }

    var text: String {
        var table = TextTable(
            ["feature maps", "Δ top-1", "95 % interval", "Δ top-5", "95 % interval", "changed"],
            rightAligned: [0, 1, 2, 3, 4, 5])
        for fall in accuracy.falls.prefix(rowLimit) {
            table.rows.append(row(fall.featureMaps.map(String.init).joined(separator: "+"), fall))
        }
        table.rows.append(row("all", accuracy.layerRemoved))
        return """
            right about \(accuracy.images) images: top-1 \(Self.percent(accuracy.top1)), top-5 \(Self.percent(accuracy.top5)); \
            Δ is unablated − ablated in percentage points, largest fall first


            """ + table.text
    }

    private func row(_ name: String, _ fall: AccuracyAnswer.Fall) -> [String] {
        [
            name, Self.points(fall.top1.value), Self.interval(fall.top1), Self.points(fall.top5.value),
            Self.interval(fall.top5), String(fall.flips.count),
        ]
    }

    private static func percent(_ share: Double?) -> String {
        share.map { String(format: "%.1f %%", 100 * $0) } ?? "–"
    }

    private static func interval(_ difference: AccuracyAnswer.Difference) -> String {
        "\(points(difference.low)) … \(points(difference.high))"
    }

    private static func points(_ share: Double) -> String { String(format: "%+.2f", 100 * share) }
}
