import HTTP
import HTTPTypes
import Testing

struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-499", ByteRange.between(0, 499)), ("bytes=500-", .from(500)), ("bytes=-500", .suffix(500)),
        ("bytes=9-9", .between(9, 9)), ("Bytes=1-2", .between(1, 2)), ("bytes= 1-2 ", .between(1, 2)),
        ("bytes=,1-2,", .between(1, 2)), ("bytes=007-", .from(7)), ("bytes=-0", .suffix(0)),
        ("bytes=0-99999999999999999999", .between(0, .max)), ("bytes=99999999999999999999-", .from(.max)),
    ])
    func isRead(_ field: String, _ range: ByteRange) {
        #expect(ByteRange(parsing: field) == range)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=2-1", "bytes=a-b", "bytes=1-2x", "bytes=+1-2", "bytes=1--2",
        "bytes=--2", "bytes=1 -2", "bytes = 1-2", "lines=1-2", "bytes=0-1,3-4", "1-2",
    ])
    func isIgnored(_ field: String) {
        #expect(ByteRange(parsing: field) == nil)
    }

    @Test func isResolved() {
        #expect(ByteRange.between(0, 499).resolved(in: 1000) == 0..<500)
        #expect(ByteRange.between(999, .max).resolved(in: 1000) == 999..<1000)
        #expect(ByteRange.between(1000, 1001).resolved(in: 1000) == nil)
        #expect(ByteRange.from(0).resolved(in: 1000) == 0..<1000)
        #expect(ByteRange.from(1000).resolved(in: 1000) == nil)
        #expect(ByteRange.from(.max).resolved(in: 1000) == nil)
        #expect(ByteRange.suffix(1).resolved(in: 1000) == 999..<1000)
        #expect(ByteRange.suffix(.max).resolved(in: 1000) == 0..<1000)
        #expect(ByteRange.suffix(0).resolved(in: 1000) == nil)
        #expect(ByteRange.from(0).resolved(in: 0) == nil)
    }

    private func answer(
        _ fields: HTTPFields, method: HTTPRequest.Method = .get, status: HTTPResponse.Status = .ok,
        tag: String = "\"x\""
    ) throws -> Response {
        let request = try Request(method: method, target: "/", fields: fields)
        let whole = Response(
            status: status, fields: [.eTag: tag, .contentType: "text/plain"], body: Array("0123456789".utf8))
        return whole.selectingRange(for: request)
    }

    @Test func onePartIsSent() throws {
        let part = try answer([.range: "bytes=2-4"])
        #expect(part.status == .partialContent && part.body == Array("234".utf8))
        #expect(part.fields[.contentRange] == "bytes 2-4/10" && part.fields[.eTag] == "\"x\"")
        #expect(part.fields[.contentType] == "text/plain")
        #expect(try answer([.range: "bytes=-3"]).fields[.contentRange] == "bytes 7-9/10")
    }

    @Test func nothingLiesThere() throws {
        let refusal = try answer([.range: "bytes=10-"])
        #expect(refusal.status == .rangeNotSatisfiable && refusal.body.isEmpty)
        #expect(refusal.fields[.contentRange] == "bytes */10")
    }

    @Test(arguments: [[:], [.range: "bytes=0-1,3-4"], [.range: "lines=1-2"], [.range: "bytes=4-1"]] as [HTTPFields])
    func theWholeIsSent(_ fields: HTTPFields) throws {
        let whole = try answer(fields)
        #expect(whole.status == .ok && whole.body.count == 10)
        #expect(whole.fields[.acceptRanges] == "bytes" && whole.fields[.contentRange] == nil)
    }

    @Test func headHasNoParts() throws {
        let whole = try answer([.range: "bytes=2-4"], method: .head)
        #expect(whole.status == .ok && whole.fields[.acceptRanges] == "bytes")
    }

    @Test func anythingElseComesBackAsItIs() throws {
        #expect(try answer([.range: "bytes=2-4"], method: .post).fields[.acceptRanges] == nil)
        #expect(try answer([.range: "bytes=2-4"], status: .notFound).status == .notFound)
        #expect(try answer([.range: "bytes=2-4"], tag: "W/\"x\"").status == .ok)
        let plain = Response(status: .ok, contentType: "text/plain", text: "0123456789")
        #expect(
            plain.selectingRange(for: try Request(method: .get, target: "/", fields: [.range: "bytes=1-"])) == plain)
    }

    @Test(arguments: [("\"x\"", 206), ("\"y\"", 200), ("W/\"x\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 200)])
    func ifRangeMustNameTheTag(_ condition: String, _ status: Int) throws {
        #expect(try answer([.range: "bytes=2-4", .ifRange: condition]).status.code == status)
    }

    @Test func anEmptyBodyHasNoLastBytes() throws {
        let request = try Request(method: .get, target: "/", fields: [.range: "bytes=-1"])
        let empty = Response(status: .ok, fields: [.eTag: "\"x\""])
        #expect(empty.selectingRange(for: request).status == .ok)
    }
}
