internal import CZlib

/// The gzip coding of contents (RFC 1952), over zlib.
public enum Gzip {
    /// The bytes, compressed.
    ///
    /// Neither a time nor a name goes in: the same bytes give the same result.
    ///
    /// `level` runs from 0 (none) to 9; 6 is zlib's own default.
    public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        precondition((0...9).contains(level), "a compression level of \(level)")
        let capacity = sb_compress_bound(bytes.count)
        var written = 0
        // SAFETY: both buffers belong to the arrays and live for the call; zlib reads `bytes.count` bytes and writes at
        // most `capacity`; `written` of them are initialised by it.
        let compressed = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let base = target.baseAddress else { preconditionFailure("no room of \(capacity) bytes") }
                let status = unsafe sb_deflate(
                    Int32(level), 31, source.baseAddress, source.count, base, capacity, &written)
                precondition(status == Z_STREAM_END, "zlib compressed with status \(status)")
            }
            count = written
        }
        return compressed
    }

    /// The bytes that were compressed, at most `limit` of them.
    ///
    /// Throws ``HTTPError/invalidCompression(_:)`` or ``HTTPError/expandedTooLarge(limit:)``.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws(HTTPError) -> [UInt8] {
        var capacity = min(limit, max(1024, bytes.count * 4))
        while true {
            let (status, expanded) = expand(bytes, capacity: capacity)
            switch status {
            case Z_STREAM_END: return expanded
            case Z_BUF_ERROR where expanded.count < capacity: throw .invalidCompression("they are cut short")
            case Z_BUF_ERROR where capacity < limit: capacity = min(limit, capacity * 2)
            case Z_BUF_ERROR: throw .expandedTooLarge(limit: limit)
            default: throw .invalidCompression("they are no gzip")
            }
        }
    }

    private static func expand(_ bytes: [UInt8], capacity: Int) -> (status: Int32, expanded: [UInt8]) {
        var status = Z_OK
        // SAFETY: both buffers belong to the arrays and live for the call; zlib reads `bytes.count` bytes and writes at
        // most `capacity`; `count` of them are initialised by it.
        //
        // One byte more than asked for, so that the array has storage even for a capacity of 0.
        let expanded = unsafe [UInt8](unsafeUninitializedCapacity: capacity + 1) { target, count in
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let base = target.baseAddress else { preconditionFailure("no room of \(capacity) bytes") }
                status = unsafe sb_inflate(31, source.baseAddress, source.count, base, capacity, &count)
            }
        }
        return (status, expanded)
    }
}
