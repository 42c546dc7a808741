internal import Blobs
internal import HTTP
internal import HTTPTypes

/// `GET /openapi.yaml`: what the service promises.
struct ContractRoute: Sendable {
    private let document: Response
    private let entityTag: EntityTag

    init(_ bytes: [UInt8]) {
        entityTag = EntityTag(Digest.sha256(of: bytes).hex)
        document = Response(
            status: .ok,
            fields: [
                .contentType: "application/yaml", .cacheControl: "no-cache", .eTag: entityTag.description,
            ], body: bytes)
    }

    func respond(to request: Request) -> Response {
        guard entityTag.matches(ifNoneMatch: request.fields[.ifNoneMatch]) else { return document }
        var response = document
        (response.status, response.body) = (.notModified, [])
        response.fields[.contentType] = nil
        return response
    }
}
