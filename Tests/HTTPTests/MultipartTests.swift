import HTTP
import Testing

struct MultipartTests {
    private let contentType = "multipart/form-data; boundary=XX"

    private func parse(
        _ body: String, contentType: String? = nil, limits: Limits = Limits()
    ) throws(HTTPError) -> [Multipart.Part] {
        let bytes = Array(body.replacing("\n", with: "\r\n").utf8)
        return try Multipart.parse(bytes, contentType: contentType ?? self.contentType, limits: limits)
    }

    private func part(_ header: String, _ content: String = "c") -> String { "--XX\n\(header)\n\n\(content)\n--XX--\n" }

    @Test func readsFieldsAndFiles() throws {
        let parts = try parse(
            """
            --XX
            Content-Disposition: form-data; name="layer"

            fire9
            --XX
            content-disposition: FORM-DATA; filename="cat.jpg"; name=image
            Content-Type: image/jpeg

            \u{FF}\0

            --XX--

            """)
        #expect(parts.map(\.name) == ["layer", "image"])
        #expect(try parts[0].text() == "fire9")
        #expect(parts[0].filename == nil && parts[0].contentType == nil)
        #expect(parts[1].filename == "cat.jpg" && parts[1].contentType == "image/jpeg")
        #expect(Array(parts[1].bytes) == Array("\u{FF}\0\r\n".utf8))
    }

    @Test func readsWhatCurlAndBrowsersWrite() throws {
        let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        let body = "--\(boundary)\nContent-Disposition: form-data; name=\"a%22b%0D%0Ac\"\n\n\n--\(boundary)--\n"
        let parts = try parse(body, contentType: "multipart/form-data; boundary=\(boundary)")
        #expect(parts.map(\.name) == ["a\"b\r\nc"] && parts[0].bytes.isEmpty)
        let quoted = try parse(part(#"Content-Disposition: form-data; name="a\"b\\c"; filename="x""#))
        #expect(quoted[0].name == #"a"b\c"#)
    }

    @Test func contentMayLookLikeABoundary() throws {
        let content = "--XY\n--X\n -- XX\n--xx\nXX--XX\n--"
        #expect(
            try parse(part("Content-Disposition: form-data; name=a", content))[0].text()
                == content.replacing("\n", with: "\r\n"))
    }

    @Test func passesOverWhatStandsAround() throws {
        let body = "preamble\n--XX \t\nContent-Disposition: form-data; name=a\n\nb\n--XX-- \nepilogue --XX"
        #expect(try parse(body).map(\.name) == ["a"])
    }

    @Test func aFormMayBeEmpty() throws {
        #expect(try parse("--XX--") == [])
        #expect(try parse("--XX--\n") == [])
    }

    @Test func theBoundaryMayBeQuoted() throws {
        let parts = try parse(
            "--a b:c\nContent-Disposition: form-data; name=a\n\nb\n--a b:c--",
            contentType: "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b:c\"")
        #expect(parts.map(\.name) == ["a"])
    }

    @Test func severalPartsMayHaveAName() throws {
        let one = "--XX\nContent-Disposition: form-data; name=a\n\n1\n"
        #expect(try parse(one + one + "--XX--").map(\.name) == ["a", "a"])
    }

    @Test(arguments: [
        (#"C:\dir\cat.jpg"#, "cat.jpg"), ("../../etc/passwd", "passwd"), ("/", ""), ("", ""),
        ("caf\u{E9}.png", "café.png"),
    ])
    func fileNamesLoseTheirFolders(_ sent: String, _ name: String) throws {
        #expect(try parse(part("Content-Disposition: form-data; name=a; filename=\"\(sent)\""))[0].filename == name)
    }

    @Test func contentSharesTheStorageOfTheBody() throws {
        let body = Array("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nhello\r\n--XX--".utf8)
        let part = try Multipart.parse(body, contentType: contentType)[0]
        #expect(body[part.bytes.indices] == part.bytes)
    }

    @Test(arguments: [
        ("multipart/form-data", "Content-Type has no boundary"),
        ("multipart/form-data; boundary=", "Content-Type 'multipart/form-data; boundary=' is not multipart/form-data"),
        ("multipart/form-data; boundary=\"\"", "'' is no boundary"),
        ("multipart/form-data; boundary=\"a \"", "'a ' is no boundary"),
        ("multipart/form-data; boundary=a*b", "'a*b' is no boundary"),
        (
            "multipart/form-data; boundary=a; boundary=b",
            "Content-Type 'multipart/form-data; boundary=a; boundar…' is not multipart/form-data"
        ),
        ("multipart/mixed; boundary=a", "Content-Type 'multipart/mixed; boundary=a' is not multipart/form-data"),
    ])
    func refusesBadBoundaries(_ contentType: String, _ reason: String) {
        #expect(throws: HTTPError.invalidMultipart(reason)) { try parse("--a--", contentType: contentType) }
    }

    @Test(arguments: [
        ("", "the boundary does not occur"),
        ("--XY\n", "the boundary does not occur"),
        ("--XXX\n", "something stands behind a boundary in its line"),
        ("--XX\r", "something stands behind a boundary in its line"),
        ("--XX--x", "something stands behind a boundary in its line"),
        ("--XX\nContent-Disposition: form-data; name=a\n\nb", "part 1 does not end with the boundary"),
        ("--XX\nContent-Disposition: form-data; name=a\n\n--XX--", "part 1 does not end with the boundary"),
        ("--XX\nContent-Disposition: form-data", "a part is cut short"),
        ("--XX\nContent-Disposition: form-data; name=a\n", "a part is cut short"),
        ("--XX\n\nb\n--XX--", "a part has no Content-Disposition"),
        ("--XX\nContent-Type: text/plain\n\nb\n--XX--", "a part has no Content-Disposition"),
        ("--XX\nContent-Disposition: form-data\n\nb\n--XX--", "a part has no name"),
        (
            "--XX\nContent-Disposition: attachment; name=a\n\nb\n--XX--",
            "Content-Disposition 'attachment; name=a' is not form-data"
        ),
        (
            "--XX\nContent-Disposition: form-data; name=\"a\n\nb\n--XX--",
            "Content-Disposition 'form-data; name=\"a' is not form-data"
        ),
        (
            "--XX\nContent-Disposition: form-data; name=a; name=b\n\nb\n--XX--",
            "Content-Disposition 'form-data; name=a; name=b' is not form-data"
        ),
        ("--XX\nbad\n\nb\n--XX--", "the header of a part: 'bad' has no colon"),
        (
            "--XX\nContent-Disposition: form-data;\n name=a\n\nb\n--XX--",
            "the header of a part: a line begins with white space (folding is obsolete)"
        ),
        (
            "--XX\nContent-Disposition: form-data; name=a\nContent-Disposition: form-data; name=b\n\nb\n--XX--",
            "Content-Disposition stands twice in a part"
        ),
        (
            "--XX\nContent-Disposition: form-data; name=a\nContent-Transfer-Encoding: base64\n\nb\n--XX--",
            "Content-Transfer-Encoding 'base64' is not taken"
        ),
    ])
    func refusesBrokenBodies(_ body: String, _ reason: String) {
        #expect(throws: HTTPError.invalidMultipart(reason)) { try parse(body) }
    }

    @Test func refusesLineEndsWithoutCR() {
        let body = Array("--XX\r\nContent-Disposition: form-data; name=a\n\r\nb\r\n--XX--".utf8)
        #expect(throws: HTTPError.invalidMultipart("a header line of a part ends with LF alone")) {
            try Multipart.parse(body, contentType: contentType)
        }
    }

    @Test func refusesMorePartsThanTheLimit() throws {
        let one = "--XX\nContent-Disposition: form-data; name=a\n\n1\n"
        let limits = Limits(maximumMultipartParts: 2)
        #expect(try parse(one + one + "--XX--", limits: limits).count == 2)
        #expect(throws: HTTPError.tooManyParts(limit: 2)) { try parse(one + one + one + "--XX--", limits: limits) }
    }

    @Test func refusesManyHeaderLines() throws {
        let lines = (0..<16).map { "\nX-\($0): a" }
        let header = "Content-Disposition: form-data; name=a"
        #expect(try parse(part(header + lines.dropLast().joined())).count == 1)
        #expect(throws: HTTPError.invalidMultipart("a part has more than 16 header lines")) {
            try parse(part(header + lines.joined()))
        }
    }

    @Test func refusesALongerHeaderThanTheLimit() throws {
        let body = part("Content-Disposition: form-data; name=a")
        #expect(try parse(body, limits: Limits(maximumPartHeaderBytes: 42)).count == 1)
        #expect(throws: HTTPError.partHeaderTooLarge(limit: 41)) {
            try parse(body, limits: Limits(maximumPartHeaderBytes: 41))
        }
        #expect(throws: HTTPError.partHeaderTooLarge(limit: 4096)) {
            try parse(part("X: " + String(repeating: "a", count: 5000)))
        }
    }

    @Test func refusesNamesThatAreNotUTF8() {
        let body =
            Array("--XX\r\nContent-Disposition: form-data; name=\"".utf8) + [0xFF] + Array("\"\r\n\r\nb\r\n--XX--".utf8)
        #expect(throws: HTTPError.invalidText("the header of a part")) {
            try Multipart.parse(body, contentType: contentType)
        }
    }

    @Test func refusesTextThatIsNotUTF8() throws {
        let body =
            Array("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + [0xFF] + Array("\r\n--XX--".utf8)
        let part = try Multipart.parse(body, contentType: contentType)[0]
        #expect(throws: HTTPError.invalidText("the field 'a'")) { try part.text() }
    }

    @Test func everyTruncationIsRefused() throws {
        let body = Array("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nhello\r\n--XX--".utf8)
        for count in 0..<body.count {
            #expect(throws: HTTPError.self, "\(count) bytes") {
                try Multipart.parse(Array(body[..<count]), contentType: contentType)
            }
        }
    }
}
