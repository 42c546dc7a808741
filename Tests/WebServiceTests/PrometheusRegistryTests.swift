import CoreMetrics
import Foundation
import Testing

@testable import WebService

/// Metrics in the text form that Prometheus reads.
struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry()

    private var text: String { String(decoding: registry.rendered(), as: UTF8.self) }

    @Test func writesCountersWithTheirLabels() {
        registry.describe("hits_total", .counter, "How\\many\nhits.")
        let labels = [("route", "/models/{name}"), ("who", "a \"b\"\\\n")]
        Counter(label: "hits_total", dimensions: labels, factory: registry).increment(by: 2)
        Counter(label: "hits_total", dimensions: labels, factory: registry).increment()
        Counter(label: "hits_total", factory: registry).increment()
        #expect(
            text == """
                # HELP hits_total How\\\\many\\nhits.
                # TYPE hits_total counter
                hits_total 1
                hits_total{route="/models/{name}",who="a \\"b\\"\\\\\\n"} 3

                """)
    }

    @Test func writesTimersAsHistogramsOfSeconds() {
        let timer = Timer(label: "wait_seconds", dimensions: [("route", "/")], factory: registry)
        for milliseconds in [0.4, 0.5, 0.6, 3.0, 200_000] { timer.recordMilliseconds(milliseconds) }
        let lines = text.split(separator: "\n")
        #expect(lines[0] == "# TYPE wait_seconds histogram")
        #expect(lines.contains("wait_seconds_bucket{route=\"/\",le=\"0.0005\"} 2"))
        #expect(lines.contains("wait_seconds_bucket{route=\"/\",le=\"0.001\"} 3"))
        #expect(lines.contains("wait_seconds_bucket{route=\"/\",le=\"0.005\"} 4"))
        #expect(lines.contains("wait_seconds_bucket{route=\"/\",le=\"120\"} 4"))
        #expect(lines.contains("wait_seconds_bucket{route=\"/\",le=\"+Inf\"} 5"))
        #expect(lines.contains("wait_seconds_count{route=\"/\"} 5"))
        let sum = lines.first { $0.hasPrefix("wait_seconds_sum") }?.split(separator: " ").last.flatMap { Double($0) }
        #expect(abs((sum ?? 0) - 200.0045) < 1e-9)
    }

    @Test func writesGaugesAndSamplesAsTheyAreNow() {
        Gauge(label: "level", factory: registry).record(2.5)
        Meter(label: "depth", factory: registry).set(-3)
        registry.sample("asked", .gauge, "Asked when it is written.") {
            [MetricSample(7, labels: [(name: "kind", value: "a")]), MetricSample(.infinity)]
        }
        registry.sample("nothing", .gauge, "Not known.") { [] }
        #expect(
            text == """
                # HELP asked Asked when it is written.
                # TYPE asked gauge
                asked{kind="a"} 7
                asked +Inf
                # TYPE depth gauge
                depth -3
                # TYPE level gauge
                level 2.5

                """)
    }

    @Test func aNameStandsForOneKind() {
        Counter(label: "events", factory: registry).increment()
        Gauge(label: "events", factory: registry).record(5)
        #expect(text == "# TYPE events counter\nevents 1\n")
    }

    @Test func namesAreMadeFit() {
        Counter(label: "http.server-requests", dimensions: [("the route", "a")], factory: registry).increment()
        #expect(text == "# TYPE http_server_requests counter\nhttp_server_requests{the_route=\"a\"} 1\n")
        #expect(PrometheusText.name("2xx") == "_2xx")
        #expect(PrometheusText.name("é") == "_")
    }

    @Test func whatIsDestroyedIsWrittenNoMore() {
        let counter = Counter(label: "hits_total", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(text.isEmpty)
    }

    @Test func numbersAreTheShortestThatReadBack() {
        #expect(
            [0, 1, -1, 0.1, 1e300, 12_345_678_901].map(PrometheusText.number) == [
                "0", "1", "-1", "0.1", "1e+300", "12345678901",
            ])
        #expect([Double.nan, .infinity, -.infinity].map(PrometheusText.number) == ["NaN", "+Inf", "-Inf"])
    }
}

/// What the kernel says of the process.
struct ProcessMetricsTests {
    @Test func readsWhatTheKernelTells() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let own = folder.appendingPathComponent("self")
        try FileManager.default.createDirectory(
            at: own.appendingPathComponent("fd"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A process may be called ") 1 2 (".
        let stat = "42 () 1 2 () S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 12300 1000000 250 0"
        for (file, text) in [
            ("self/stat", stat), ("self/statm", "1000 250 100 10 0 200 0\n"), ("stat", "cpu 1 2\nbtime 1700000000\n"),
            ("self/limits", "Limit  Soft  Hard\nMax open files            1024                 4096      files\n"),
            ("self/fd/0", ""), ("self/fd/1", ""), ("self/fd/2", ""),
        ] { try Data(text.utf8).write(to: folder.appendingPathComponent(file)) }
        let metrics = ProcessMetrics(folder: folder.path)
        #expect(metrics.cpuSeconds == 3)
        #expect(metrics.startTime == 1_700_000_123)
        #expect(metrics.memory(at: 1) == 1_024_000)
        #expect(metrics.openDescriptors == 2)
        #expect(metrics.maximumDescriptors == 1024)
    }

    @Test func leavesOutWhatItCannotRead() {
        let registry = PrometheusRegistry()
        ProcessMetrics(folder: "/nonexistent").register(in: registry)
        #expect(registry.rendered().isEmpty)
    }

    @Test func tellsOfThisProcess() {
        let metrics = ProcessMetrics()
        #expect((metrics.memory(at: 1) ?? 0) > 1_000_000)
        #expect((metrics.openDescriptors ?? 0) >= 3)
        let start = metrics.startTime ?? 0
        #expect(start > 1.6e9 && start <= Date().timeIntervalSince1970 + 2)
    }
}
