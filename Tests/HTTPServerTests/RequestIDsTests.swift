import Testing

@testable import HTTPServer

@Suite struct RequestIDsTests {
    @Test(arguments: ["a", "4bf92f3577b34da6", "A.b_c-d:e/f+g=h@i", String(repeating: "x", count: 128)])
    func keepsAWellFormedId(id: String) {
        var ids = RequestIDs(instance: 1)
        #expect(ids.id(for: id) == id)
    }

    @Test(arguments: ["", " ", "a b", "a\"b", "a\nb", "a,b", "é", "a;b", String(repeating: "x", count: 129)])
    func replacesAnyOther(id: String) {
        var ids = RequestIDs(instance: 0xab)
        #expect(ids.id(for: id) == "00000000000000ab0000000000000001")
    }

    @Test func makesEachIdOnce() {
        var ids = RequestIDs()
        let made = (0..<1000).map { _ in ids.id(for: nil) }
        #expect(Set(made).count == 1000)
        #expect(made.allSatisfy { $0.utf8.count == 32 && RequestIDs.isWellFormed($0) })
    }
}
