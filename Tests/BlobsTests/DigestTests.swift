import Blobs
import Testing

@Suite struct DigestTests {
    /// The examples of FIPS 180-4's test vectors ("abc", two blocks, a million a's) and the empty message.
    static let known: [(String, String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test func givesTheKnownDigests() {
        for (text, hex) in DigestTests.known {
            #expect(Digest.sha256(of: Array(text.utf8)).hex == hex)
        }
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hasher = DigestHasher()
        for size in [1, 63, 64, 65, 128, 1000] {
            for start in stride(from: 0, to: bytes.count, by: size) {
                hasher.update(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(hasher.finish() == Digest.sha256(of: bytes))
        }
        #expect(hasher.finish() == Digest.sha256(of: []))
    }

    @Test func readsItsOwnHexadecimalForm() throws {
        let digest = Digest.sha256(of: [1, 2, 3])
        #expect(Digest(hex: digest.hex) == digest)
        #expect("\(digest)" == digest.hex)
        #expect(digest.bytes.count == Digest.byteCount)
    }

    @Test func refusesOtherText() {
        let hex = Digest.sha256(of: []).hex
        #expect(Digest(hex: "") == nil)
        #expect(Digest(hex: String(hex.dropLast())) == nil)
        #expect(Digest(hex: hex + "0") == nil)
        #expect(Digest(hex: hex.uppercased()) == nil)
        #expect(Digest(hex: "../" + hex.dropFirst(3)) == nil)
        #expect(Digest(hex: String(repeating: "é", count: 32)) == nil)
    }
}
