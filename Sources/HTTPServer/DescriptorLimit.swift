internal import CLinux

/// How many files and sockets the process may have open at once (RLIMIT_NOFILE).
public enum DescriptorLimit {
    /// The limit now in force, raised as far as the system lets this process raise it.
    ///
    /// The soft limit is 1,024 by custom, for the sake of programs that use `select`; a server of thousands of
    /// connections needs more. Call it once, at the beginning of `main`. Where the system refuses, the limit stays.
    @discardableResult
    public static func raise() -> Int {
        max(1, Int(sb_raise_descriptor_limit()))
    }
}
