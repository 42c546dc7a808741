import HTTP
import HTTPTypes
import Testing

struct HTTPErrorTests {
    @Test(
        arguments: [
            (.invalidRequestLine("x"), 400, "invalid request line: x"),
            (.invalidTarget("x"), 400, "invalid request target: x"),
            (.invalidField("x"), 400, "invalid header: x"), (.invalidHost("x"), 400, "invalid Host: x"),
            (.invalidFraming("x"), 400, "the length of the body is not clear: x"),
            (.invalidChunk("x"), 400, "invalid chunk: x"),
            (.incompleteRequest, 400, "the request ends before it is complete"),
            (.plainRequestToTLS, 400, "the plain HTTP request was sent to an HTTPS port"),
            (.requestLineTooLong(limit: 8), 414, "the request line is longer than 8 bytes"),
            (.headerTooLarge(limit: 8), 431, "the header is longer than 8 bytes"),
            (.tooManyHeaders(limit: 8), 431, "the header has more than 8 lines"),
            (.bodyTooLarge(limit: 8), 413, "the body is longer than 8 bytes"),
            (.methodNotImplemented("X"), 501, "the method X is not implemented"),
            (.transferCodingNotImplemented("x"), 501, "the transfer coding x is not implemented, only chunked"),
            (.versionNotSupported("HTTP/2.0"), 505, "HTTP/2.0 is not supported, only HTTP/1.0 and HTTP/1.1"),
            (.expectationFailed("x"), 417, "the expectation x cannot be met, only 100-continue"),
            (.headerTimedOut, 408, "the head of the request did not come in time"),
            (.bodyTimedOut, 408, "the body of the request came too slowly"),
            (.handlerTimedOut, 503, "the answer took too long to make"),
            (.tooManyConnections(limit: 2), 429, "your address has more than 2 connections open"),
            (.tooManyRequests(limit: 2), 429, "your address has more than 2 requests waiting for their answers"),
            (.tooManyBytes(limit: 2), 429, "your address has more than 2 bytes of bodies or answers on their way"),
            (.overloaded, 503, "there are too many requests at the moment"),
            (.draining, 503, "the server is being stopped"),
            (.invalidMultipart("x"), 400, "invalid multipart body: x"), (.invalidForm("x"), 400, "invalid form: x"),
            (.invalidText("x"), 400, "x is not UTF-8"),
            (.tooManyParts(limit: 8), 413, "the body has more than 8 parts"),
            (.tooManyFormFields(limit: 8), 413, "the form has more than 8 fields"),
            (.partHeaderTooLarge(limit: 8), 431, "the header of a part is longer than 8 bytes"),
            (.invalidCompression("x"), 400, "invalid compressed bytes: x"),
            (.expandedTooLarge(limit: 8), 413, "the bytes expand to more than 8"),
        ] as [(HTTPError, Int, String)])
    func saysWhatIsWrong(_ error: HTTPError, _ status: Int, _ words: String) {
        #expect(error.status.code == status && !error.status.reasonPhrase.isEmpty)
        #expect(error.description == words)
    }

    @Test func quotesOnlyTheBeginningOfWhatCame() throws {
        let target = String(repeating: "é", count: 100)
        #expect(
            throws: HTTPError.invalidTarget(
                "'" + String(repeating: "\\xc3\\xa9", count: 20) + "…' starts with neither '/' nor 'http://'")
        ) {
            try RequestTarget(target)
        }
    }

    @Test func theDefaultsAreThoseOfTheDocumentation() {
        let limits = Limits()
        #expect(limits.maximumRequestLineBytes == 8192 && limits.maximumHeaderBytes == 32_768)
        #expect(limits.maximumHeaderCount == 100 && limits.maximumBodyBytes == 33_554_432)
        let timeouts = Timeouts()
        #expect(timeouts.header == 10_000_000_000 && timeouts.progressBytes == 8192)
    }
}
