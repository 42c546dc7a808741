import HTTP
import HTTPTypes
import Testing

struct FormTests {
    @Test func readsPairsInOrder() throws {
        let pairs = try FormURLEncoded.parse(Array("a=1&b=x+y%2B&a=2&c&=d&&e=f=g".utf8))
        #expect(
            pairs == [
                QueryPair(name: "a", value: "1"), QueryPair(name: "b", value: "x y+"), QueryPair(name: "a", value: "2"),
                QueryPair(name: "c", value: ""), QueryPair(name: "", value: "d"), QueryPair(name: "e", value: "f=g"),
            ])
        #expect(try FormURLEncoded.parse([]) == [])
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "%ff=1", "a=%00", "a=\0", "a=%ED%A0%80"])
    func refusesWhatEncodesNoText(_ body: String) {
        #expect(throws: HTTPError.self) { try FormURLEncoded.parse(Array(body.utf8)) }
    }

    @Test func refusesMoreFieldsThanTheLimit() throws {
        let limits = Limits(maximumFormFields: 2)
        #expect(try FormURLEncoded.parse(Array("a&&b&".utf8), limits: limits).count == 2)
        #expect(throws: HTTPError.tooManyFormFields(limit: 2)) {
            try FormURLEncoded.parse(Array("a&b&c".utf8), limits: limits)
        }
    }

    @Test func targetsGiveTheirValuesByName() throws {
        let target = try RequestTarget("/deconv?layer=fire9&x=1&layer=conv1")
        #expect(target.values("layer") == ["fire9", "conv1"] && target.values("y") == [])
        #expect(target.rawQuery == "layer=fire9&x=1&layer=conv1" && target.path == "/deconv")
        #expect(try RequestTarget("*", method: .options).path == "*")
        #expect(try RequestTarget("/").segments == [""])
    }

    /// Of those with many parts none are kept, but they are the same.
    @Test(arguments: [8, 9, 16, 17, 1000])
    func targetsWithManyPartsSayAllOfThem(count: Int) throws {
        let path = (0..<count).map { "/s%20\($0)" }.joined()
        let query = (0..<count).map { "n\($0)=v+\($0)" }.joined(separator: "&")
        for prefix in ["", "http://a"] {
            let target = try RequestTarget("\(prefix)\(path)?\(query)")
            #expect(target.segments == (0..<count).map { "s \($0)" })
            #expect(target.path == (0..<count).map { "/s \($0)" }.joined())
            #expect(target.query == (0..<count).map { QueryPair(name: "n\($0)", value: "v \($0)") })
            #expect(target.rawQuery == query && target.values("n\(count - 1)") == ["v \(count - 1)"])
        }
    }

    /// What a target with a scheme says of its path is decoded, what one without says is taken as it stands.
    @Test(arguments: [
        "/", "//", "/a", "/a/", "/a//b", "/a.b/c", "/a./b", "/.", "/..", "/a/..", "/a/../b", "/./a", "/.a", "/a/.b",
        "/a%2Fb",
        "/%2E%2E/a", "/a:b@c", "/~a_b-c!$&'()*+,;=",
    ])
    func pathsAreTheSameHoweverTheTargetIsWritten(path: String) throws {
        let (plain, other) = (try RequestTarget(path), try RequestTarget("http://a" + path))
        #expect(plain.segments == other.segments && plain.path == other.path)
        #expect(plain.query.isEmpty && plain.rawQuery == nil && plain.scheme == nil && plain.authority == nil)
        #expect(plain.form == .origin && other.form == .absolute && other.authority == "a")
        #expect(try RequestTarget(path + "?b").segments == plain.segments)
    }

    @Test func requestsForTestsAreParsedLikeOthers() throws {
        let request = try Request(method: .post, target: "/a%20b?c=d", fields: [.accept: "*/*"], body: [1])
        #expect(request.target.path == "/a b" && request.head.bodyLength == .fixed(1))
        #expect(request.method == .post && request.fields[.accept] == "*/*")
        #expect(throws: HTTPError.self) { try Request(method: .get, target: "a") }
    }
}
