import Foundation

extension ComputePool {
    /// The number of cores this process may keep busy, at least 1.
    ///
    /// The smaller of its affinity mask and its CPU quota: that of its cgroup and each above it, version 2
    /// (`cpu.max`) or 1 (`cpu.cfs_quota_us`). A fraction of a core is rounded down, since threads beyond the quota
    /// would be stopped in the middle of a turn.
    public static var availableCores: Int {
        let quota = CPUQuota.cores { path in try? String(contentsOfFile: path, encoding: .utf8) }
        let affine = ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(affine, quota ?? affine))
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
