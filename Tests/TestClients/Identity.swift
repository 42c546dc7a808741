import CTLSPeer

/// A certificate with its key, made for a test.
@safe
package final class Identity {
    let handle: OpaquePointer

    /// A certificate, valid from a day ago for ten years unless told otherwise, in seconds from now.
    package init(
        _ name: String, signedBy issuer: Identity? = nil, isAuthority: Bool = false, from: Int64 = -86_400,
        until: Int64 = 315_360_000
    ) throws {
        // SAFETY: the name lives for the call and the issuer for the initialiser.
        let made = unsafe sb_identity_new(name, issuer?.handle, isAuthority ? 1 : 0, from, until)
        guard let made = unsafe made else { throw TLSFailure(reason: "no certificate") }
        unsafe handle = made
    }

    deinit {
        // SAFETY: it came from sb_identity_new and is freed here alone.
        unsafe sb_identity_free(handle)
    }

    package var certificate: String { pem(isKey: false, passphrase: nil) }
    package var key: String { pem(isKey: true, passphrase: nil) }

    /// The key under a passphrase.
    package func key(under passphrase: String) -> String { pem(isKey: true, passphrase: passphrase) }

    private func pem(isKey: Bool, passphrase: String?) -> String {
        // SAFETY: the buffer and the passphrase live for the call, which writes at most `count` characters and a NUL.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8192) { text in
            guard let base = text.baseAddress else { return "" }
            let count =
                if let passphrase {
                    unsafe sb_identity_pem(handle, isKey ? 1 : 0, passphrase, base, text.count)
                } else {
                    unsafe sb_identity_pem(handle, isKey ? 1 : 0, nil, base, text.count)
                }
            return count > 0 ? unsafe String(cString: base) : ""
        }
    }
}

// @unchecked because it is only read once it is made.
extension Identity: @unchecked Sendable {}
