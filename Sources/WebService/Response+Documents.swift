internal import HTTP
internal import HTTPTypes

extension Response {
    /// A 200 with a JSON document that may change at any time.
    init(json: JSON) {
        let fields: HTTPFields = [.contentType: "application/json", .cacheControl: "no-cache"]
        self.init(status: .ok, fields: fields, body: json.encoded())
    }
}

extension Problem {
    /// The problem as an answer.
    func response(requestID: String) -> Response {
        var response = Response(
            status: status, fields: [.contentType: Self.mediaType, .cacheControl: "no-store"],
            body: json(requestID: requestID).encoded())
        response.fields[.wwwAuthenticate] = challenge
        return response
    }
}
