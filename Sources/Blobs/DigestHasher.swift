import COpenSSL

/// Computes a SHA-256 digest from bytes that come piece by piece.
@safe
public struct DigestHasher: ~Copyable {
    private let state: OpaquePointer

    /// A hasher that has seen no bytes.
    public init() {
        // SAFETY: the state is this hasher's alone, which cannot be copied, and is freed in deinit.
        guard let state = unsafe sb_sha256_new() else { preconditionFailure("libcrypto has no SHA-256") }
        unsafe self.state = state
    }

    deinit {
        // SAFETY: the state came from sb_sha256_new and is freed here alone.
        unsafe sb_sha256_free(state)
    }

    /// Adds bytes to those seen.
    public mutating func update(_ bytes: [UInt8]) {
        update(bytes[...])
    }

    /// Adds bytes to those seen.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        // SAFETY: the buffer is valid within the closure, and libcrypto keeps no pointer into it.
        let status = unsafe bytes.withUnsafeBytes { unsafe sb_sha256_update(state, $0.baseAddress, $0.count) }
        precondition(status == 1, "libcrypto cannot hash \(bytes.count) bytes")
    }

    /// The digest of all bytes seen; the hasher then starts anew.
    public mutating func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        // SAFETY: libcrypto writes 32 bytes, as many as the array has, and keeps no pointer.
        let status = unsafe sb_sha256_finish(state, &bytes)
        precondition(status == 1, "libcrypto cannot finish a digest")
        return Digest(bytes: bytes)
    }
}
