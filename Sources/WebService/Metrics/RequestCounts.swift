internal import Concurrency
internal import CoreMetrics
internal import HTTP
internal import HTTPServer
internal import HTTPTypes

/// Counts requests by route, method and status.
///
/// Labels come from small fixed sets: patterns of routes, known methods, statuses that are sent.
final class RequestCounts: Sendable {
    private struct Key: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    /// What is counted by route alone.
    private struct RouteCells {
        let duration: Timer
        let received: Counter
        let sent: Counter
    }

    private struct State {
        var requests: [Key: Counter] = [:]
        var routes: [String: RouteCells] = [:]
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]

    private let factory: any MetricsFactory
    private let state = Guarded(State())

    init(factory: any MetricsFactory) {
        self.factory = factory
    }

    /// Counts a request that is over; `route` is the pattern that it matched.
    ///
    /// Called on the I/O thread: a lock that nobody holds for long, two look-ups, and additions.
    func count(_ summary: RequestSummary, route: String) {
        let method = summary.head?.method.rawValue ?? "unknown"
        let key = Key(
            route: route, method: Self.methods.contains(method) ? method : "unknown", status: summary.status)
        let (requests, cells) = state.withLock { ($0.requests[key], $0.routes[route]) }
        let cellsOfRoute = cells ?? makeCells(of: route)
        (requests ?? makeCounter(for: key)).increment()
        cellsOfRoute.duration.recordNanoseconds(summary.duration.nanoseconds)
        cellsOfRoute.received.increment(by: summary.receivedBytes)
        cellsOfRoute.sent.increment(by: summary.sentBytes)
    }

    private func makeCounter(for key: Key) -> Counter {
        let labels = [("route", key.route), ("method", key.method), ("status", "\(key.status)")]
        let counter = Counter(label: "switchback_http_requests_total", dimensions: labels, factory: factory)
        state.withLock { $0.requests[key] = counter }
        return counter
    }

    private func makeCells(of route: String) -> RouteCells {
        let labels = [("route", route)]
        let cells = RouteCells(
            duration: Timer(label: "switchback_http_request_seconds", dimensions: labels, factory: factory),
            received: Counter(label: "switchback_http_request_bytes_total", dimensions: labels, factory: factory),
            sent: Counter(label: "switchback_http_response_bytes_total", dimensions: labels, factory: factory))
        state.withLock { $0.routes[route] = cells }
        return cells
    }
}
