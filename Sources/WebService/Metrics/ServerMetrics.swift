internal import HTTPServer

/// What the server in front of the service says of itself.
///
/// All of its statistics but `requests`, which `switchback_http_requests_total` counts by route, method and status.
enum ServerMetrics {
    private static let metrics: [(String, MetricKind, String, @Sendable (ServerStatistics) -> Int)] = [
        ("switchback_connections", .gauge, "Connections open now.", { $0.connections }),
        ("switchback_connections_accepted_total", .counter, "Connections accepted.", { $0.acceptedConnections }),
        ("switchback_queue_length", .gauge, "Requests that wait for a handler.", { $0.queuedRequests }),
        ("switchback_handlers_running", .gauge, "Requests that a handler is answering.", { $0.runningHandlers }),
        (
            "switchback_busy_refusals_total", .counter,
            "Requests refused with 503: a queue was full, the wait too long or memory short.", { $0.refusedRequests }
        ),
        (
            "switchback_connections_refused_total", .counter,
            "Requests refused with 429, and connections closed at once, because their client had too many.",
            { $0.peerRefusals }
        ),
        (
            "switchback_connections_slow_total", .counter,
            "Connections that made way because their clients were the slowest when memory was short.",
            { $0.slowClients }
        ),
        (
            "switchback_tls_failures_total", .counter,
            "Connections that TLS has ended: a handshake that failed, a certificate refused, a broken record.",
            { $0.tlsFailures }
        ),
        (
            "switchback_draining", .gauge, "1 once the server is to stop and answers what it has accepted.",
            { $0.isDraining ? 1 : 0 }
        ),
        (
            "switchback_log_lines_lost_total", .counter, "Lines the access log lost because its output was too slow.",
            { $0.lostLogLines }
        ),
    ]

    /// Adds the server's metrics to `registry`; without a server they are left out.
    static func register(
        in registry: PrometheusRegistry, _ statistics: @escaping @Sendable () -> ServerStatistics?
    ) {
        for (name, kind, help, value) in metrics {
            registry.sample(name, kind, help) { statistics().map { [MetricSample(Double(value($0)))] } ?? [] }
        }
    }
}
