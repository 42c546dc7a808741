/// What a metric is, for its `# TYPE` line.
public enum MetricKind: String, Sendable, Equatable {
    /// A number that only grows, from 0 at the start of the process.
    case counter
    /// A number as it is now.
    case gauge
    /// How many values lay below each of some bounds.
    case histogram
}

/// One line of a metric: labels and a value.
public struct MetricSample: Sendable, Equatable {
    /// The labels with their values.
    public var labels: [(name: String, value: String)]
    /// The value.
    public var value: Double

    /// A sample of `value`.
    public init(_ value: Double, labels: [(name: String, value: String)] = []) {
        self.labels = labels
        self.value = value
    }

    /// The same labels in the same order, and the same value.
    public static func == (left: MetricSample, right: MetricSample) -> Bool {
        left.value == right.value && left.labels.elementsEqual(right.labels, by: ==)
    }
}

/// The metrics of one name.
struct MetricFamily: Sendable {
    var kind: MetricKind
    var help: String
    /// Cells by their labels as they are written.
    var cells: [String: any MetricCell] = [:]
    /// Asked when the metrics are written.
    var sources: [@Sendable () -> [MetricSample]] = []
}

/// Something that counts and can write its lines.
protocol MetricCell: AnyObject, Sendable {
    /// Writes the lines of the metric `name` with these labels, `{…}` without the braces.
    func write(name: String, labels: String, to text: inout PrometheusText)
}
