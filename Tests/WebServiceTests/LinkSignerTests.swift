import HTTP
import Testing

@testable import WebService

struct LinkSignerTests {
    private let signer = LinkSigner(key: Array("0123456789abcdef0123456789abcdef".utf8))

    private func check(_ link: String, at now: Int64 = 999) throws {
        try signer.check(try RequestTarget(link), at: now)
    }

    private func signed(_ link: String) throws -> String { signer.signed(try RequestTarget(link), until: 1000) }

    @Test(arguments: ["/occlusion?image=ab&format=png", "/images/ab", "/images/ab?", "/deconv?layer=a%20b&x=%C3%A9"])
    func isGoodUntilItExpires(link: String) throws {
        let link = try signed(link)
        try check(link)
        #expect(throws: AccessRefusal.expiredLink(at: 1000)) { try check(link, at: 1000) }
    }

    @Test func addsTheTwoParametersToTheLinkAsItIs() throws {
        let link = try signed("/deconv?layer=a%20b")
        #expect(link.hasPrefix("/deconv?layer=a%20b&expires=1000&signature="))
        #expect(link.split(separator: "=").last?.count == 43)
        #expect(try signed("/images/ab").hasPrefix("/images/ab?expires=1000&signature="))
    }

    @Test func staysGoodHoweverItIsWritten() throws {
        let parts = try signed("/deconv?image=ab&layer=a%20b").split(separator: "&")
        let tail = parts.suffix(2).joined(separator: "&")
        try check("/%64econv?layer=a+b&\(tail)&image=%61b")
    }

    @Test(arguments: [
        "/predict?image=ab&layer=c", "/deconv?image=ab&layer=d", "/deconv?image=ab", "/deconv?image=ab&layer=c&x=1",
        "/deconv?image=ab&layer=c&layer=c", "/deconv?imagea=b&layer=c", "/deconv?image=abl&ayer=c", "/deconv?",
    ])
    func isWrongForAnyOtherLink(other: String) throws {
        let parts = try signed("/deconv?image=ab&layer=c").split(separator: "&")
        let tail = parts.suffix(2).joined(separator: "&")
        #expect(throws: AccessRefusal.wrongSignature) { try check("\(other)&\(tail)") }
    }

    @Test func isWrongForAnotherTimeOrKey() throws {
        let link = try signed("/deconv?image=ab")
        #expect(throws: AccessRefusal.wrongSignature) {
            try check(link.replacing("expires=1000", with: "expires=9000"))
        }
        let other = LinkSigner(key: Array("another key of thirty-two bytes!".utf8))
        #expect(throws: AccessRefusal.wrongSignature) { try other.check(try RequestTarget(link), at: 1) }
    }

    @Test(arguments: [
        "/deconv?expires=1000", "/deconv?signature=AAAA", "/deconv?expires=1000&expires=1000&signature=AAAA",
        "/deconv?expires=1000&signature=AAAA&signature=AAAA", "/deconv?expires=soon&signature=AAAA",
        "/deconv?expires=+1000&signature=AAAA", "/deconv?expires=1000&signature=!!!!",
        "/deconv?expires=1000&signature=AAB", "/deconv?expires=99999999999999999999&signature=AAAA",
    ])
    func isMalformedInPart(link: String) {
        #expect(throws: AccessRefusal.malformedSignature) { try check(link) }
    }

    @Test func anEmptySignatureIsWrong() {
        #expect(throws: AccessRefusal.wrongSignature) { try check("/deconv?expires=1000&signature=") }
    }

    @Test func keysAreNeverTheSame() {
        let (one, other) = (LinkSigner.randomKey(), LinkSigner.randomKey())
        #expect(one.count == 32 && one != other)
    }
}
