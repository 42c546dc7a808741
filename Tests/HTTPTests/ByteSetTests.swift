import Testing

@testable import HTTP

@Suite struct ByteSetTests {
    private static let alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    /// The bytes of 0 … 255 that are in the set.
    private func bytes(in set: ByteSet) -> [UInt8] { (0...UInt8.max).filter { set.contains($0) } }

    @Test func tokensAreOfRFC9110() {
        #expect(bytes(in: .token) == (Self.alphanumerics + "!#$%&'*+-.^_`|~").utf8.sorted())
    }

    @Test func hostsAreOfRFC3986() {
        #expect(bytes(in: .host) == (Self.alphanumerics + "-._~" + "!$&'()*+,;=").utf8.sorted())
    }

    @Test func pathsAreOfRFC3986() {
        #expect(bytes(in: .path) == (Self.alphanumerics + "-._~" + "!$&'()*+,;=" + ":@/%").utf8.sorted())
    }
}
