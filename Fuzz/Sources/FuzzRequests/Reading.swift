import HTTP
import HTTPTypes

/// What a handler reads of a request: fields and forms.
enum Reading {
    /// Reads all that can be read; what came of it, compressed.
    static func read(_ request: Request) -> [UInt8] {
        let fields = request.fields
        let offered = ["application/json", "image/png", "application/x-npy"]
        let type = Negotiation.mediaType(accept: fields[.accept], offered: offered)
        let coding = Negotiation.contentCoding(acceptEncoding: fields[.acceptEncoding], offered: ["gzip", "identity"])
        let isKnown = EntityTag("abc").matches(ifNoneMatch: fields[.ifNoneMatch])
        let words = "\(type ?? "-") \(coding ?? "-") \(isKnown) \(form(request)) \(request.target.query)"
        return Gzip.compress(Array(words.utf8))
    }

    /// Reads the bytes as the bodies of forms, which within a request would have to fit its length and type.
    static func readForms(_ bytes: [UInt8]) {
        for type in ["multipart/form-data; boundary=B", "application/x-www-form-urlencoded"] {
            guard
                let request = try? Request(
                    method: .post, target: "/", fields: [.contentType: type], body: bytes)
            else { preconditionFailure("a plain request is refused") }
            _ = form(request)
        }
    }

    private static func form(_ request: Request) -> String {
        do throws(HTTPError) {
            let type = request.fields[.contentType] ?? ""
            if !type.hasPrefix("multipart/") { return "\(try FormURLEncoded.parse(request.body))" }
            var words = ""
            for part in try Multipart.parse(request.body, contentType: type) {
                words += "\(part.name)=\(try part.text())"
            }
            return words
        } catch {
            precondition((400..<600).contains(error.status.code), "a failure with status \(error.status)")
            return error.description
        }
    }
}
