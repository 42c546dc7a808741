import Concurrency
import Foundation
import HTTP
import HTTPServer
import Jobs
import Switchback
import TestSupport
import Testing

@testable import WebService

/// What `/metrics` tells, and that its page in the documentation says the same.
struct MetricsTests {
    private func lines(_ registry: PrometheusRegistry) -> [String] {
        String(decoding: registry.rendered(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func everyStatisticOfTheServerHasAMetric() {
        var statistics = ServerStatistics()
        statistics.connections = 2
        statistics.acceptedConnections = 3
        statistics.runningHandlers = 5
        statistics.queuedRequests = 7
        statistics.refusedRequests = 11
        statistics.peerRefusals = 13
        statistics.slowClients = 17
        statistics.tlsFailures = 19
        statistics.isDraining = true
        statistics.lostLogLines = 23
        let registry = PrometheusRegistry()
        ServerMetrics.register(in: registry) { [statistics] in statistics }
        let values = lines(registry).filter { !$0.hasPrefix("#") }
        #expect(
            Set(values) == [
                "switchback_connections 2", "switchback_connections_accepted_total 3",
                "switchback_handlers_running 5", "switchback_queue_length 7", "switchback_busy_refusals_total 11",
                "switchback_connections_refused_total 13", "switchback_connections_slow_total 17",
                "switchback_tls_failures_total 19", "switchback_draining 1", "switchback_log_lines_lost_total 23",
            ])
        // `requests` has none: they are counted by route. Whoever adds another statistic adds it here.
        #expect(Mirror(reflecting: statistics).children.count == values.count + 1)
    }

    @Test func lookUpsInTheStoreAreCounted() throws {
        let service = try TestService()
        let sha256 = try service.post(TestService.chelsea())
        let other = String(repeating: "0", count: 64)
        for target in ["/images/\(sha256)", "/predict?image=\(sha256)", "/images/\(other)", "/predict?image=\(other)"] {
            _ = try service.get(target)
        }
        // An image that comes along is looked for nowhere.
        _ = try service.ask("/predict", body: TestService.chelsea())
        let text = String(decoding: try service.get("/metrics").body, as: UTF8.self)
        #expect(text.contains("switchback_store_lookups_total{result=\"found\"} 2\n"))
        #expect(text.contains("switchback_store_lookups_total{result=\"missing\"} 2\n"))
    }

    @Test func jobsAreCountedInTheStoreAndShardsHere() throws {
        let registry = PrometheusRegistry()
        let metrics = JobMetrics(registry)
        let store = MemoryJobStore()
        let (now, id) = (WallTime(milliseconds: 10_000), try #require(JobID(String(repeating: "a", count: 32))))
        let new = NewJob(id: id, kind: "x", requirement: "", payload: [], identity: "", shards: [[]])
        _ = try store.enqueue(new, clientLimit: nil, now: now)
        try metrics.look(at: store, now: now.advanced(byMilliseconds: 2500))
        metrics.claimed(in: .milliseconds(3))
        let outcomes: [Worker.Outcome] = [
            .committed(id), .committed(id), .failed(id), .lost(id), .gaveBack(id), .idle,
        ]
        for outcome in outcomes { metrics.observe(outcome) }
        let text = lines(registry)
        for line in [
            "switchback_jobs{state=\"available\"} 1", "switchback_jobs{state=\"running\"} 0",
            "switchback_job_oldest_wait_seconds 2.5", "switchback_job_shards_total{result=\"committed\"} 2",
            "switchback_job_shards_total{result=\"failed\"} 1", "switchback_job_shards_total{result=\"lost\"} 1",
            "switchback_job_shards_total{result=\"gave_back\"} 1", "switchback_job_claim_seconds_count 1",
        ] { #expect(text.contains(line), "\(line)") }
    }

    @Test func theDocumentationListsThemAll() throws {
        let service = try TestService(jobs: JobLimits())
        try withRunningService(service) { client in
            _ = try client.send("GET", "/predict?image=0")
            let text = try String(decoding: client.send("GET", "/metrics").body, as: UTF8.self)
            let told = text.matches(of: /(?m)^# TYPE (\S+) (\S+)$/).map { "\($0.1) \($0.2)" }
            #expect(told.count > 25)
            let page = try Data(contentsOf: Fixtures.root.appendingPathComponent("Documentation/Metrics.md"))
            let rows = String(decoding: page, as: UTF8.self).matches(of: /(?m)^\| `(\S+)` \| (\S+) \|/)
            #expect(rows.map { "\($0.1) \($0.2)" } == told)
            let helps = text.matches(of: /(?m)^# HELP \S+ .+$/)
            #expect(helps.count == told.count)
        }
    }
}
