import HTTP
import HTTPTypes
import Testing

struct ResponseTests {
    private func head(
        _ response: Response, answering method: HTTPRequest.Method = .get, version: HTTPVersion = .http11,
        keepsAlive: Bool = true
    ) -> String {
        String(
            decoding: ResponseSerializer.head(
                of: response, answering: method, version: version, keepsAlive: keepsAlive, date: "D"),
            as: UTF8.self)
    }

    @Test func writesStatusDateFieldsAndLength() {
        let response = Response(status: .notFound, contentType: "text/plain", text: "é")
        #expect(
            head(response)
                == "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n")
    }

    @Test func writesTheUsualPhraseOfANumber() {
        #expect(head(Response(status: 413)).hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        #expect(head(Response(status: 299)).hasPrefix("HTTP/1.1 299 \r\n"))
        #expect(head(Response(status: .init(code: 200, reasonPhrase: "Fine"))).hasPrefix("HTTP/1.1 200 Fine\r\n"))
    }

    @Test(arguments: [204, 304]) func writesNoLengthWhereThereCanBeNoBody(_ code: Int) {
        let response = Response(status: .init(code: code), body: [1, 2, 3])
        #expect(!head(response).contains("Content-Length"))
        #expect(!ResponseSerializer.sendsBody(response.status, answering: .get))
    }

    @Test func resetContentHasAnEmptyBody() {
        #expect(head(Response(status: 205, body: [1])).contains("\r\nContent-Length: 0\r\n"))
        #expect(!ResponseSerializer.sendsBody(205, answering: .get))
    }

    @Test func sendsNoBodyToHead() {
        #expect(ResponseSerializer.sendsBody(.ok, answering: .get))
        #expect(!ResponseSerializer.sendsBody(.ok, answering: .head))
        #expect(head(Response(status: .ok, body: [1, 2])).contains("\r\nContent-Length: 2\r\n"))
    }

    @Test func leavesTheLengthOutForHeadAlone() {
        var response = Response(status: .ok)
        response.leavesLengthOut = true
        #expect(!head(response, answering: .head).contains("Content-Length"))
        #expect(head(response, answering: .get).contains("\r\nContent-Length: 0\r\n"))
    }

    @Test func saysWhatTheVersionDoesNotImply() {
        let response = Response(status: .ok)
        #expect(!head(response).contains("Connection"))
        #expect(head(response, keepsAlive: false).contains("\r\nConnection: close\r\n"))
        #expect(head(response, version: .http10).contains("\r\nConnection: keep-alive\r\n"))
        #expect(head(response, version: .http10, keepsAlive: false).contains("\r\nConnection: close\r\n"))
    }

    @Test func keepsItsOwnFieldsToItself() {
        let fields: HTTPFields = [
            .contentLength: "99", .transferEncoding: "chunked", .date: "never", .connection: "close", .eTag: "\"a\"",
        ]
        #expect(
            head(Response(status: .ok, fields: fields))
                == "HTTP/1.1 200 OK\r\nDate: D\r\nETag: \"a\"\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func aFieldCannotBreakOutOfItsLine() {
        let response = Response(status: .ok, fields: [.location: "/a\r\nSet-Cookie: b\0"])
        #expect(head(response).contains("\r\nLocation: /a  Set-Cookie: b\r\n"))
    }

    @Test func knowsWhetherItCloses() {
        var response = Response(status: .ok, fields: [.connection: "x, Close"])
        #expect(response.closesConnection)
        response.closesConnection = false
        #expect(!response.closesConnection && response.fields[.connection] == nil)
        response.closesConnection = true
        #expect(response.fields[.connection] == "close")
    }

    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (-86_400, "Wed, 31 Dec 1969 00:00:00 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
        ] as [(Int64, String)])
    func writesDates(_ seconds: Int64, _ date: String) {
        #expect(HTTPDate.format(seconds) == date)
    }
}
