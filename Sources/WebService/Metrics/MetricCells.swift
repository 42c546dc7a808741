internal import Concurrency
internal import CoreMetrics
internal import Synchronization

/// A number that grows.
final class CounterCell: MetricCell, CounterHandler {
    private let count = Atomic<Int64>(0)

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.line(name, labels: labels, "\(count.load(ordering: .relaxed))")
    }
}

/// A number that grows by fractions.
final class FloatingPointCounterCell: MetricCell, FloatingPointCounterHandler {
    private let sum = Guarded(0.0)

    func increment(by amount: Double) {
        guard amount.isFinite, amount > 0 else { return }
        sum.withLock { $0 += amount }
    }
    func reset() { sum.withLock { $0 = 0 } }

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.line(name, labels: labels, PrometheusText.number(sum.withLock { $0 }))
    }
}

/// A number as it is now.
final class GaugeCell: MetricCell, MeterHandler, RecorderHandler {
    private let value = Guarded(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    func write(name: String, labels: String, to text: inout PrometheusText) {
        text.line(name, labels: labels, PrometheusText.number(value.withLock { $0 }))
    }
}

/// How many values lay below each of some bounds.
final class HistogramCell: MetricCell, RecorderHandler, TimerHandler {
    private struct State {
        /// By bound, and one more for what is above them all; not cumulated.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Guarded<State>

    /// A histogram with these upper bounds, each included, in growing order.
    init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds that do not grow: \(bounds)")
        self.bounds = bounds
        state = Guarded(State(counts: [Int](repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func write(name: String, labels: String, to text: inout PrometheusText) {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var count = 0
        for (bound, more) in zip(bounds + [.infinity], state.counts) {
            count += more
            text.line("\(name)_bucket", labels: "\(prefix)le=\"\(PrometheusText.number(bound))\"", "\(count)")
        }
        text.line("\(name)_sum", labels: labels, PrometheusText.number(state.sum))
        text.line("\(name)_count", labels: labels, "\(count)")
    }
}
