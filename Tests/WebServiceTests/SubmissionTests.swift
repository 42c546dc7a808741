import HTTP
import HTTPTypes
import Switchback
import Tensors
import Testing
import TestSupport

/// Images and options, however they are sent.
struct SubmissionTests {
    private static let service = Result { try TestService() }

    private func service() throws -> TestService { try Self.service.get() }

    private func topClass(_ response: Response) throws -> Int? {
        #expect(response.status == .ok)
        let predictions = try TestService.object(response)["predictions"] as? [[String: Any]]
        return predictions?.first?["class"] as? Int
    }

    @Test func takesTheImageAsTheRawBody() throws {
        #expect(try topClass(service().ask("/predict", body: TestService.chelsea())) == 285)
    }

    @Test func takesTheImageAsOctets() throws {
        let answer = try service().ask("/predict", type: "application/octet-stream", body: TestService.chelsea())
        #expect(try topClass(answer) == 285)
    }

    @Test func takesTheImageAndOptionsAsAForm() throws {
        let form = try Self.form([("top", "3")], image: TestService.chelsea())
        let answer = try service().ask("/predict", type: "multipart/form-data; boundary=b", body: form)
        #expect(try topClass(answer) == 285)
        #expect((try TestService.object(answer)["predictions"] as? [Any])?.count == 3)
    }

    @Test func takesTheImageAndOptionsAsJSON() throws {
        let image = try Self.base64(TestService.chelsea())
        let body = [UInt8](#"{"image_base64": "\#(image)", "top": 2, "model": "squeezenet1.1"}"#.utf8)
        let answer = try service().ask("/predict", type: "application/json", body: body)
        #expect(try topClass(answer) == 285)
    }

    @Test func takesTheNetworksInputAsNPY() throws {
        let body = try Fixtures.bytes("reference/cases/zfnet/input.npy")
        let answer = try service().ask("/predict?model=zfnet", type: "application/x-npy", body: body)
        #expect(answer.status == .ok)
    }

    @Test func refusesAnOptionInBothQueryAndForm() throws {
        let form = try Self.form([("top", "3")], image: TestService.chelsea())
        let answer = try service().ask("/predict?top=3", type: "multipart/form-data; boundary=b", body: form)
        #expect(answer.status == .badRequest)
        #expect(try TestService.object(answer)["option"] as? String == "top")
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=b", "--b--\r\n", 400, "no part 'image'"),
        ("multipart/form-data", "x", 400, "boundary"),
        ("application/json", "{", 400, "not JSON"),
        ("application/json", "[]", 400, "image_base64"),
        ("application/json", "{}", 400, "image_base64"),
        ("application/json", #"{"image_base64": 7}"#, 400, "image_base64"),
        ("application/json", #"{"image_base64": "?"}"#, 400, "base64"),
        ("application/json", #"{"image_base64": "AAAA", "top": true}"#, 400, "'top'"),
        ("application/x-www-form-urlencoded", "x", 415, "-F image=@photo.jpg"),
        ("text/plain", "x", 415, "text/plain"),
        ("image/png", "", 400, "empty"),
        ("image/png", "not an image", 415, "JPEG"),
        ("application/x-npy", "not an array", 400, "NPY"),
    ])
    func saysWhatIsWrongWithTheBody(type: String, body: String, status: Int, words: String) throws {
        let answer = try service().ask("/predict", type: type, body: [UInt8](body.utf8))
        #expect(answer.status.code == status)
        #expect(answer.fields[.contentType] == "application/problem+json")
        #expect(try TestService.detail(answer).contains(words))
    }

    @Test func saysWhatTypesThereAreWhereNoneIsStated() throws {
        let answer = try service().ask("/predict", type: nil, body: TestService.chelsea())
        #expect(answer.status.code == 415)
        #expect(try TestService.detail(answer).contains("no Content-Type"))
    }

    static func form(_ fields: [(String, String)], image: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        for (name, value) in fields {
            body += [UInt8]("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        body += [UInt8]("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n".utf8)
        return body + [UInt8]("Content-Type: image/png\r\n\r\n".utf8) + image + [UInt8]("\r\n--b--\r\n".utf8)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 { text.append(digit <= group.count ? alphabet[word >> (18 - 6 * digit) & 63] : "=") }
        }
        return text
    }
}
