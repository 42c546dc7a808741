import HTTP
import HTTPTypes
import Testing

/// If-Match and If-None-Match (RFC 9110 section 13).
struct RequestConditionTests {
    private func condition(_ method: HTTPRequest.Method, _ fields: HTTPFields) throws -> RequestCondition {
        try Request(method: method, target: "/", fields: fields).condition(on: EntityTag("a"))
    }

    @Test(arguments: [HTTPRequest.Method.get, .head, .post, .delete])
    func holdWithoutAny(method: HTTPRequest.Method) throws {
        #expect(try condition(method, [:]) == .holds)
        #expect(try condition(method, [.ifMatch: "\"a\", \"b\"", .ifNoneMatch: "\"b\""]) == .holds)
        #expect(try condition(method, [.ifMatch: "*"]) == .holds)
    }

    @Test func tellThoseWhoReadThatNothingChanged() throws {
        for field in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            #expect(try condition(.get, [.ifNoneMatch: field]) == .notModified)
            #expect(try condition(.head, [.ifNoneMatch: field]) == .notModified)
            #expect(try condition(.post, [.ifNoneMatch: field]) == .failed)
        }
    }

    @Test func failWhereAnotherIsWanted() throws {
        for field in ["\"b\"", "W/\"a\"", "a", ""] {
            #expect(try condition(.get, [.ifMatch: field]) == .failed)
            #expect(try condition(.get, [.ifMatch: field, .ifNoneMatch: "\"a\""]) == .failed)
        }
    }
}
