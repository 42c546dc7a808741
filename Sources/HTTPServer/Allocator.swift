internal import CLinux

/// How the C library's allocator is kept from holding what has been freed.
public enum Allocator {
    /// Keeps freed memory from piling up in a service that runs for months; to be called before any thread starts.
    ///
    /// Unless told, glibc makes eight arenas a core and keeps what each has freed, and its threshold for memory that goes
    /// back to the system at once grows with use. Two arenas and fixed thresholds bound what a process of many handlers
    /// holds.
    public static func bound() {
        sb_bound_allocator(2, 512 << 10, 1 << 20)
    }

    /// Gives freed memory back to the system, also what lies between pieces in use.
    static func trim() {
        sb_trim_allocator()
    }
}
