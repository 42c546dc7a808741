import Glibc

/// How the C library's allocator is set up before any thread starts.
enum Allocator {
    /// Keeps freed memory from piling up in a service that runs for months.
    ///
    /// Unless told, glibc makes eight arenas a core and keeps what each has freed, and its threshold for memory that goes
    /// back to the system at once grows with use. Two arenas, one for each core that usually computes, and a fixed
    /// threshold bound what a process of many handlers holds.
    static func bound() {
        _ = mallopt(M_ARENA_MAX, 2)
        _ = mallopt(M_MMAP_THRESHOLD, 512 << 10)
        _ = mallopt(M_TRIM_THRESHOLD, 1 << 20)
    }
}
