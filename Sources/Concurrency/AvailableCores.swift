import Foundation

extension ComputePool {
    /// The number of cores this process may keep busy, at least 1.
    ///
    /// The smaller of its affinity mask and its CPU quota: that of its cgroup and each above it, version 2
    /// (`cpu.max`) or 1 (`cpu.cfs_quota_us`). A fraction of a core is rounded down, since threads beyond the quota
    /// would be stopped in the middle of a turn.
    public static var availableCores: Int {
        func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
        let affine = CPUAffinity.cores(read: read) ?? coresOfMachine
        return max(1, min(affine, CPUQuota.cores(read: read) ?? affine))
    }

    /// The number of cores that the machine has, at least 1, whoever may use them.
    public static var coresOfMachine: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// The cores that the kernel may run this process on (sched_setaffinity(2), `taskset`, a group's `cpuset.cpus`).
package enum CPUAffinity {
    /// Their number, or nil if the kernel does not say; `read` gives the text of a file, nil if there is none.
    ///
    /// Foundation counts what some control groups allow, and not this.
    package static func cores(read: (String) -> String?) -> Int? {
        let lines = (read("/proc/self/status") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let bits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue).reduce(0) {
            $0 + $1.nonzeroBitCount
        }
        return bits > 0 ? bits : nil
    }
}

/// The CPU time that control groups allow (Linux, Documentation/admin-guide/cgroup-v2.rst, section "CPU").
package enum CPUQuota {
    /// The whole cores allowed, at least 1, or nil if there is no limit; `read` gives the text of a file, nil if there
    /// is none.
    package static func cores(read: (String) -> String?) -> Int? {
        let folders = ControlGroup.folders(of: "cpu", read: read)
        let limits =
            folders.version2.compactMap { version2($0, read) } + folders.version1.compactMap { version1($0, read) }
        return limits.min().map { max(1, Int(min($0, 1e6))) }
    }

    private static func version2(_ folder: String, _ read: (String) -> String?) -> Double? {
        let words = (read(folder + "/cpu.max") ?? "").split { $0.isWhitespace }
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]) else { return nil }
        return ratio(quota, period)
    }

    private static func version1(_ folder: String, _ read: (String) -> String?) -> Double? {
        func number(_ name: String) -> Double? {
            read(folder + "/" + name).flatMap { Double($0.filter { !$0.isWhitespace }) }
        }
        guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us") else { return nil }
        return ratio(quota, period)
    }

    private static func ratio(_ quota: Double, _ period: Double) -> Double? {
        quota > 0 && period > 0 ? quota / period : nil
    }
}
