internal import Concurrency
public import CoreMetrics

/// Metrics in Prometheus' text form: a factory for swift-metrics that is handed to whoever counts, and set up globally
/// nowhere.
///
/// A timer becomes a histogram of seconds, a recorder that aggregates a histogram, one that does not a gauge. A name
/// stands for one kind; an instrument of another kind under it counts, but is not written.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    /// The bounds of a histogram of seconds, from half a millisecond to two minutes.
    static let seconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
    ]

    private let families = Guarded<[String: MetricFamily]>([:])

    /// A registry without metrics.
    public init() {}

    /// Says what the metric `name` means.
    public func describe(_ name: String, _ kind: MetricKind, _ help: String) {
        families.withLock { families in
            families[name, default: MetricFamily(kind: kind, help: help)].help = help
        }
    }

    /// Adds a metric that is asked for only when the metrics are written.
    ///
    /// - Parameter read: called on the thread that writes, without a lock; the labels of its samples must be few.
    public func sample(
        _ name: String, _ kind: MetricKind, _ help: String, _ read: @escaping @Sendable () -> [MetricSample]
    ) {
        families.withLock { families in
            families[name, default: MetricFamily(kind: kind, help: help)].sources.append(read)
        }
    }

    /// All metrics in order of their names, in the text form, version 0.0.4.
    public func rendered() -> [UInt8] {
        var text = PrometheusText()
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            let samples = family.sources.flatMap { $0() }
            if family.cells.isEmpty && samples.isEmpty { continue }
            text.introduce(name, family.kind, help: family.help)
            for (labels, cell) in family.cells.sorted(by: { $0.key < $1.key }) {
                cell.write(name: name, labels: labels, to: &text)
            }
            for sample in samples {
                let labels = PrometheusText.labels(sample.labels.map { ($0.name, $0.value) })
                text.line(name, labels: labels, PrometheusText.number(sample.value))
            }
        }
        return text.bytes
    }

    /// The cell of that name and those labels, made if there is none.
    private func cell<Cell: MetricCell>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricKind, _ make: () -> Cell
    ) -> Cell {
        let (name, labels) = (PrometheusText.name(label), PrometheusText.labels(dimensions))
        return families.withLock { families in
            var family = families.removeValue(forKey: name) ?? MetricFamily(kind: kind, help: "")
            defer { families[name] = family }
            if let known = family.cells[labels] as? Cell { return known }
            let cell = make()
            if family.kind == kind, family.cells[labels] == nil { family.cells[labels] = cell }
            return cell
        }
    }

    private func forget(_ cell: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                for (labels, known) in family.cells where known === cell { families[name]?.cells[labels] = nil }
            }
        }
    }
}

extension PrometheusRegistry {
    /// A counter of whole numbers.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions, .counter) { CounterCell() }
    }

    /// A counter of fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        cell(label, dimensions, .counter) { FloatingPointCounterCell() }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, dimensions, .gauge) { GaugeCell() }
    }

    /// A histogram if it aggregates, else a gauge.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return cell(label, dimensions, .gauge) { GaugeCell() } }
        return cell(label, dimensions, .histogram) { HistogramCell(bounds: Self.seconds) }
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions, .histogram) { HistogramCell(bounds: Self.seconds) }
    }

    /// Takes a counter out of what is written.
    public func destroyCounter(_ handler: any CounterHandler) { forget(handler) }

    /// Takes a counter of fractions out of what is written.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }

    /// Takes a gauge out of what is written.
    public func destroyMeter(_ handler: any MeterHandler) { forget(handler) }

    /// Takes a histogram or gauge out of what is written.
    public func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }

    /// Takes a histogram out of what is written.
    public func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
