internal import Foundation
internal import Glibc

/// What the kernel says of this process, under the names that Prometheus' client libraries use.
struct ProcessMetrics: Sendable {
    /// Where the kernel tells of processes; tests hand in a folder of their own.
    var folder = "/proc"

    /// Adds the process's metrics to `registry`.
    func register(in registry: PrometheusRegistry) {
        func add(_ name: String, _ kind: MetricKind, _ help: String, _ read: @escaping @Sendable () -> Double?) {
            registry.sample(name, kind, help) { read().map { [MetricSample($0)] } ?? [] }
        }
        add("process_cpu_seconds_total", .counter, "User and system CPU time of the process in seconds.") { cpuSeconds }
        add("process_resident_memory_bytes", .gauge, "Resident memory of the process.") { memory(at: 1) }
        add("process_virtual_memory_bytes", .gauge, "Virtual memory of the process.") { memory(at: 0) }
        add("process_open_fds", .gauge, "Open file descriptors.") { openDescriptors }
        add("process_max_fds", .gauge, "Open file descriptors allowed.") { maximumDescriptors }
        add("process_threads", .gauge, "Threads of the process.") { statistic(19) }
        add("process_start_time_seconds", .gauge, "Start of the process in seconds since 1970.") { startTime }
    }

    /// User and system time.
    var cpuSeconds: Double? {
        guard let user = statistic(13), let system = statistic(14) else { return nil }
        return (user + system) / ticksPerSecond
    }

    /// When the process began: ticks after the machine's start, whose time is known in whole seconds.
    var startTime: Double? {
        let line = text("stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let boot = line.flatMap({ Double($0.dropFirst("btime ".count)) }), let ticks = statistic(21) else {
            return nil
        }
        return boot + ticks / ticksPerSecond
    }

    var openDescriptors: Double? {
        // One of them is the one that reads the folder.
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/self/fd")).map { Double(max(0, $0.count - 1)) }
    }

    var maximumDescriptors: Double? {
        let line = text("self/limits").split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.dropFirst("Max open files".count).split(separator: " ").first.flatMap { Double($0) }
    }

    /// A field of `statm`, in bytes: 0 the virtual size, 1 the resident one.
    func memory(at index: Int) -> Double? {
        let fields = text("self/statm").split(separator: " ")
        guard fields.indices.contains(index) else { return nil }
        return Double(fields[index]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }

    /// A field of `stat`, counted from 0.
    ///
    /// The second may have spaces in it, and ends with the last parenthesis.
    private func statistic(_ index: Int) -> Double? {
        let line = text("self/stat")
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        let position = index - 2
        return fields.indices.contains(position) ? Double(fields[position]) : nil
    }

    private var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

    private func text(_ file: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
    }
}
