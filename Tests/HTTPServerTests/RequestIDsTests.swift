import Testing

@testable import HTTPServer

@Suite struct RequestIDsTests {
    @Test(arguments: ["a", "4bf92f3577b34da6", "A.b_c-d:e/f+g=h@i", String(repeating: "x", count: 128)])
    func keepsAWellFormedId(id: String) {
        var ids = RequestIDs()
        #expect(ids.id(for: id) == id)
    }

    @Test(arguments: ["", " ", "a b", "a\"b", "a\nb", "a,b", "é", "a;b", String(repeating: "x", count: 129)])
    func replacesAnyOther(id: String) {
        var ids = RequestIDs(after: "0000000000000ab")
        #expect(ids.id(for: id) == "0000000000000ac")
    }

    @Test(arguments: [
        ("000000000000009", "00000000000000a"), ("00000000000000u", "00000000000000v"),
        ("00000000000000v", "000000000000010"), ("9vvvvvvvvvvvvvv", "a00000000000000"),
        ("vvvvvvvvvvvvvvv", "000000000000000"),
    ])
    func countsOn(id: String, next: String) {
        var ids = RequestIDs(after: id)
        #expect(ids.id(for: nil) == next)
    }

    @Test func makesEachIdOnce() {
        var ids = RequestIDs()
        let made = (0..<2000).map { _ in ids.id(for: nil) }
        #expect(Set(made).count == 2000)
        #expect(made.allSatisfy { $0.utf8.count == 15 && RequestIDs.isWellFormed($0) })
    }

    @Test func twoServersDoNotMeet() {
        var (one, other) = (RequestIDs(), RequestIDs())
        #expect(one.id(for: nil) != other.id(for: nil))
    }
}
