/// The control groups this process is in, as files (Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1).
enum ControlGroup {
    /// Where a hierarchy of version 1 is mounted.
    private static let mounts = [
        "cpu": ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu"], "memory": ["/sys/fs/cgroup/memory"],
    ]
    /// Where version 2 is mounted, alone or beside version 1.
    private static let unifiedMounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]

    /// The folders that may limit `controller` in version 2 and in version 1: those of the process's group and of all
    /// groups above it, up to the mount point. (In a container the mount point is the container's own group, whatever the
    /// path says.)
    ///
    /// `read` gives the text of a file, nil if there is none.
    static func folders(
        of controller: String, read: (String) -> String?
    ) -> (version2: [String], version1: [String]) {
        var folders: (version2: [String], version1: [String]) = ([], [])
        for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0" && parts[1].isEmpty {
                folders.version2 += unifiedMounts.flatMap { groups(from: parts[2], below: $0) }
            } else if parts[1].split(separator: ",").contains(Substring(controller)) {
                let mounts = Self.mounts[controller] ?? []
                folders.version1 += mounts.flatMap { groups(from: parts[2], below: $0) }
            }
        }
        return folders
    }

    private static func groups(from group: Substring, below mount: String) -> [String] {
        var folders = [mount]
        for name in group.split(separator: "/") where name != ".." {
            folders.append(folders[folders.count - 1] + "/" + name)
        }
        return folders
    }
}
