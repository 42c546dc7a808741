import Foundation
import HTTP
import HTTPTypes
import Testing

/// gzip of JSON, as `Accept-Encoding` asks for it.
struct ContentCodingTests {
    private static let service = Result { try TestService() }

    private func answer(_ target: String, _ encoding: String?) throws -> Response {
        var fields: HTTPFields = [:]
        fields[.acceptEncoding] = encoding
        return try Self.service.get().ask(target, fields: fields, body: TestService.chelsea())
    }

    @Test(arguments: ["gzip", "deflate, x-gzip;q=0.5", "*", "identity;q=0.5, gzip", "identity;q=0, gzip;q=0.1"])
    func compressesForThoseWhoTakeIt(encoding: String) throws {
        let (plain, coded) = try (answer("/deconv?layer=fire5", nil), answer("/deconv?layer=fire5", encoding))
        #expect(plain.fields[.contentEncoding] == nil && coded.fields[.contentEncoding] == "gzip")
        #expect(coded.body.count < plain.body.count)
        #expect(try Gzip.decompress(coded.body, limit: 1 << 24) == plain.body)
        #expect(plain.fields[.vary]?.contains("Accept-Encoding") == true && plain.fields[.vary] == coded.fields[.vary])
        #expect(plain.fields[.eTag] != coded.fields[.eTag])
    }

    @Test(arguments: [nil, "", "br", "gzip;q=0", "identity, gzip;q=0.5", "identity;q=0", "*;q=0"])
    func leavesItForOthers(encoding: String?) throws {
        let answer = try answer("/deconv?layer=fire5", encoding)
        #expect(answer.status == .ok && answer.fields[.contentEncoding] == nil)
    }

    @Test(arguments: ["/predict?format=png", "/predict?format=npy"])
    func leavesPicturesAndArraysAsTheyAre(target: String) throws {
        let (plain, coded) = try (answer(target, nil), answer(target, "gzip"))
        #expect(coded.fields[.contentEncoding] == nil && coded.body == plain.body)
        #expect(coded.fields[.eTag] == plain.fields[.eTag])
    }

    @Test func leavesSmallAnswersAsTheyAre() throws {
        let answer = try Self.service.get().get("/healthz", [.acceptEncoding: "gzip"])
        #expect(answer.fields[.contentEncoding] == nil && answer.fields[.vary] == "Accept-Encoding")
    }

    @Test func compressesModelsAndLongProblems() throws {
        let model = try Self.service.get().get("/models/squeezenet1.1", [.acceptEncoding: "gzip"])
        #expect(model.fields[.contentEncoding] == "gzip")
        let problem = try answer("/deconv?layer=\(String(repeating: "x", count: 2000))", "gzip")
        #expect(problem.status == .badRequest && problem.fields[.contentEncoding] == "gzip")
        let text = try Gzip.decompress(problem.body, limit: 1 << 20)
        #expect(String(decoding: text, as: UTF8.self).contains("no layer"))
    }
}
