import HTTP
import HTTPTypes
import Testing

@testable import WebService

/// What pages of other origins may do.
struct CrossOriginTests {
    private let app = "https://app.example"

    private func crossOrigin(_ origins: String...) throws -> CrossOrigin {
        try CrossOrigin(allowing: origins, requiresTokens: false)
    }

    private func fields(
        _ crossOrigin: CrossOrigin, from origin: String?, type: String = "application/json", vary: String? = nil,
        status: HTTPResponse.Status = .ok
    ) throws -> HTTPFields {
        var request: HTTPFields = [:]
        request[.origin] = origin
        var response = Response(status: status, fields: [.contentType: type])
        response.fields[.vary] = vary
        crossOrigin.apply(to: &response, answering: try Request(method: .get, target: "/", fields: request).head)
        return response.fields
    }

    @Test func nobodyIsAllowedUnlessTold() throws {
        let fields = try fields(CrossOrigin(), from: app, type: "image/png")
        #expect(fields[.accessControlAllowOrigin] == nil)
        #expect(fields[.crossOriginResourcePolicy] == "same-origin")
        #expect(fields[.vary] == nil)
    }

    @Test func thoseNamedMayRead() throws {
        let crossOrigin = try crossOrigin(app, "http://localhost:3000")
        for origin in [app, "http://localhost:3000"] {
            let fields = try fields(crossOrigin, from: origin, vary: "Accept")
            #expect(fields[.accessControlAllowOrigin] == origin)
            #expect(fields[.accessControlExposeHeaders]?.contains("ETag") == true)
            #expect(fields[.vary] == "Accept, Origin")
            #expect(fields[.accessControlAllowCredentials] == nil)
        }
    }

    @Test(arguments: [
        "https://other.example", "http://app.example", "https://app.example:8443", "https://app.example.evil.example",
        "https://evil.example/https://app.example", "null", "", "https://APP.example",
    ])
    func othersMayNot(origin: String) throws {
        let fields = try fields(try crossOrigin(app), from: origin)
        #expect(fields[.accessControlAllowOrigin] == nil)
        // A cache must not show one origin's answer to another all the same.
        #expect(fields[.vary] == "Origin")
    }

    @Test func everybodyMayWithAStar() throws {
        let fields = try fields(try crossOrigin("*"), from: app)
        #expect(fields[.accessControlAllowOrigin] == "*")
        #expect(fields[.vary] == nil)
        #expect(throws: AccessError.anyOriginWithTokens) {
            try CrossOrigin(allowing: ["*"], requiresTokens: true)
        }
    }

    @Test func picturesAreShownElsewhereOnceAnyOriginIsAllowed() throws {
        let crossOrigin = try crossOrigin(app)
        // An <img> sends no origin.
        #expect(try fields(crossOrigin, from: nil, type: "image/png")[.crossOriginResourcePolicy] == "cross-origin")
        #expect(try fields(crossOrigin, from: nil)[.crossOriginResourcePolicy] == "same-origin")
    }

    @Test(arguments: [("image/png", "cross-origin"), ("application/json", "same-origin")])
    func notModifiedSaysWhatItsAnswerSaidWithoutTheType(type: String, policy: String) throws {
        let fields = try fields(try crossOrigin(app), from: nil, type: type, status: .notModified)
        #expect(fields[.crossOriginResourcePolicy] == policy)
        #expect(fields[.contentType] == nil)
    }

    @Test func pagesMaySendAndReadEveryFieldOfTheContract() throws {
        let contract = try Contract()
        let crossOrigin = try crossOrigin(app)
        let request = try Request(
            method: .options, target: "/predict", fields: [.origin: app, .accessControlRequestMethod: "GET"])
        var preflight = Response(status: .noContent)
        crossOrigin.answerPreflight(&preflight, request.head, methods: [.get])
        let sent = names(preflight.fields[.accessControlAllowHeaders])
        let read = names(try fields(crossOrigin, from: app)[.accessControlExposeHeaders])
        #expect(sent.isSuperset(of: ["authorization", "idempotency-key", "if-range", "priority", "range"]))
        #expect(read.isSuperset(of: ["accept-ranges", "allow", "etag", "preference-applied", "retry-after"]))
        for operation in contract.operations {
            for parameter in operation.parameters where parameter.place == "header" {
                #expect(sent.contains(parameter.name.lowercased()), "\(operation): \(parameter.name)")
            }
            // Every page may read this one (the Fetch standard, section 2.2.2).
            for response in operation.responses.values {
                for name in (response["headers"]?.members ?? [:]).keys where name != "Cache-Control" {
                    #expect(read.contains(name.lowercased()), "\(operation): \(name)")
                }
            }
        }
    }

    private func names(_ list: String?) -> Set<String> {
        Set((list ?? "").split(separator: ",").map { $0.filter { $0 != " " }.lowercased() })
    }

    @Test(arguments: [
        "", "app.example", "https://", "https://app.example/", "https://app.example/path", "https://app.example:443",
        "https://user@app.example", "https://App.example", "ftp://app.example", "https://a b", "null",
        "https://*.example",
    ])
    func anOriginIsSchemeHostAndPort(text: String) {
        #expect(throws: AccessError.badOrigin(text)) { try CrossOrigin(allowing: [text], requiresTokens: true) }
    }

    @Test(arguments: ["https://app.example", "http://localhost:3000", "http://127.0.0.1:8080", "https://[::1]:8443"])
    func takesOrigins(text: String) throws {
        _ = try CrossOrigin(allowing: [text], requiresTokens: true)
    }
}
