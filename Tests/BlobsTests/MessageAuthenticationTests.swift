import Blobs
import Testing

struct MessageAuthenticationTests {
    /// The first two cases of RFC 4231, section 4, and one with a key longer than a block.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func agreesWithTheStandard(key: [UInt8], message: [UInt8], code: String) {
        #expect(MessageAuthentication(key: key).code(for: message).hex == code)
    }

    @Test func anEmptyMessageHasACode() {
        let authentication = MessageAuthentication(key: Array("key".utf8))
        #expect(
            authentication.code(for: []).hex == "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0")
    }

    @Test func acceptsTheRightCodeAlone() {
        let authentication = MessageAuthentication(key: Array("secret".utf8))
        let message = Array("message".utf8)
        var code = authentication.code(for: message).bytes
        #expect(authentication.isValid(code, for: message))
        #expect(!authentication.isValid(code, for: Array("massage".utf8)))
        #expect(!MessageAuthentication(key: Array("other".utf8)).isValid(code, for: message))
        #expect(!authentication.isValid(Array(code.dropLast()), for: message))
        #expect(!authentication.isValid([], for: message))
        code[31] ^= 1
        #expect(!authentication.isValid(code, for: message))
    }

    @Test func comparesAllBytes() {
        #expect(ConstantTime.isEqual([], []))
        #expect(ConstantTime.isEqual([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.isEqual([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.isEqual([0, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.isEqual([1, 2], [1, 2, 3]))
    }
}
