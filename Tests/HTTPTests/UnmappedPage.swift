import Glibc

/// Memory in front of a page that cannot be touched: reading one byte too far ends the process.
@safe final class UnmappedPage {
    private let base: UnsafeMutableRawPointer
    private let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
    private let capacity: Int

    /// Room for so many bytes.
    init(capacity: Int) throws {
        self.capacity = (max(capacity, 1) + pageBytes - 1) / pageBytes * pageBytes
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        // SAFETY: the mapping is new and belongs to this object, which unmaps it at its end.
        let mapping = unsafe mmap(nil, self.capacity + pageBytes, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { throw MappingFailure(errno: errno) }
        unsafe base = mapping
        let status = unsafe mprotect(base + self.capacity, pageBytes, PROT_NONE)
        guard status == 0 else { throw MappingFailure(errno: errno) }
    }

    deinit {
        // SAFETY: nobody else holds the mapping.
        unsafe munmap(base, capacity + pageBytes)
    }

    /// Lends the bytes, the last of which is the last before the page.
    func withBytes<R>(_ bytes: ArraySlice<UInt8>, _ body: (Span<UInt8>) -> R) -> R {
        precondition(bytes.count <= capacity, "\(bytes.count) bytes for \(capacity)")
        // SAFETY: `bytes.count` bytes in front of the page are within the mapping, which outlives the call.
        let start = unsafe base + (capacity - bytes.count)
        unsafe bytes.withUnsafeBytes {
            unsafe UnsafeMutableRawBufferPointer(start: start, count: $0.count).copyMemory(from: $0)
        }
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: bytes.count)
        return unsafe body(buffer.assumingMemoryBound(to: UInt8.self).span)
    }
}

struct MappingFailure: Error {
    let errno: Int32
}
