import COpenSSL

/// Codes that only who has the key can make: HMAC-SHA-256 (RFC 2104, FIPS 198-1).
public struct MessageAuthentication: Sendable {
    private let key: [UInt8]

    /// Codes under `key`, which should be 32 bytes or more of a secret.
    public init(key: [UInt8]) {
        precondition(!key.isEmpty, "a message authentication key of 0 bytes")
        self.key = key
    }

    /// The message's code.
    public func code(for message: [UInt8]) -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        // SAFETY: the arrays are alive for the call, libcrypto reads as many bytes as it is told and writes 32, as many
        // as `bytes` has, and keeps no pointer.
        let status = unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBytes { message in
                // An empty array may have no address; libcrypto then reads none of the bytes of the key's.
                guard let keyBase = key.baseAddress else { return Int32(0) }
                return unsafe sb_hmac_sha256(
                    keyBase, key.count, message.baseAddress ?? keyBase, message.count, &bytes)
            }
        }
        precondition(status == 1, "libcrypto cannot authenticate \(message.count) bytes")
        return Digest(bytes: bytes)
    }

    /// Whether `code` is the message's, found out in a time that tells nothing of how much of it is right.
    public func isValid(_ code: [UInt8], for message: [UInt8]) -> Bool {
        ConstantTime.isEqual(code, self.code(for: message).bytes)
    }
}

/// Comparisons of secrets.
public enum ConstantTime {
    /// Whether the two are the same, in a time that depends on their lengths alone.
    public static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        // SAFETY: both arrays are alive for the call, which reads `count` bytes of each and keeps no pointer.
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return true }
                return unsafe sb_is_equal(leftBase, rightBase, left.count) == 1
            }
        }
    }
}
