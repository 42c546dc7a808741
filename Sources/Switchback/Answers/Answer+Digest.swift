internal import Blobs

extension Answer {
    /// A digest of `parts`, 64 hexadecimal digits; parts cannot run into each other.
    public func digest(of parts: [String]) -> String {
        Digest.sha256(of: parts.flatMap { [UInt8]("\($0.utf8.count):\($0)".utf8) }).hex
    }
}
