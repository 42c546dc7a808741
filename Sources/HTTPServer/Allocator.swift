internal import CLinux

/// How the C library's allocator is set up before any thread starts.
public enum Allocator {
    /// Keeps freed memory from piling up in a service that runs for months.
    ///
    /// Unless told, glibc makes eight arenas a core and keeps what each has freed, and its threshold for memory that goes
    /// back to the system at once grows with use. Two arenas and fixed thresholds bound what a process of many handlers
    /// holds.
    public static func bound() {
        sb_bound_allocator(2, 512 << 10, 1 << 20)
    }
}
