internal import HTTP
internal import HTTPTypes
internal import Switchback

/// `POST /images`, and `GET` and `DELETE` of `/images/{sha256}`.
struct ImageRoute: Sendable {
    let store: ImageStore
    let reader: SubmissionReader
    let cache: CachePolicy

    /// Keeps the image of `request`: 201, or 200 where it was kept already.
    func post(_ request: Request) throws -> Response {
        let (image, isNew) = try store.store(try reader.image(of: request))
        var response = Response(json: ImageDocument(image).json)
        response.status = isNew ? .created : .ok
        response.fields[.location] = Address.image(image.sha256)
        return response
    }

    /// The answer about one image.
    func respond(to request: Request, sha256: String) throws -> Response {
        request.method == .delete ? try delete(request, sha256: sha256) : try get(request, sha256: sha256)
    }

    /// The bytes of an image.
    private func get(_ request: Request, sha256: String) throws -> Response {
        try store.require(sha256)
        let tag = EntityTag(sha256)
        let image = try store.image(sha256)
        let fields: HTTPFields = [
            .eTag: tag.description, .cacheControl: cache.image,
            .contentType: image.format.map(Self.mediaType) ?? "application/octet-stream",
        ]
        if let response = try Self.conditional(request, tag, fields) { return response }
        return Response(status: .ok, fields: fields, body: image.bytes).selectingRange(for: request)
    }

    /// Forgets an image: 204.
    private func delete(_ request: Request, sha256: String) throws -> Response {
        try store.require(sha256)
        if let response = try Self.conditional(request, EntityTag(sha256), [:]) { return response }
        try store.remove(sha256)
        return Response(status: .noContent)
    }

    /// The 304 that the request's conditions come to; nil where it is to be answered in full.
    ///
    /// - Parameter fields: those of the 304, with the type of the whole answer, which is taken off at last (``CrossOrigin``).
    /// - Throws: `PreconditionError`: a 412.
    static func conditional(_ request: Request, _ tag: EntityTag, _ fields: HTTPFields) throws -> Response? {
        switch request.condition(on: tag) {
        case .holds: return nil
        case .notModified: return Response(status: .notModified, fields: fields)
        case .failed: throw PreconditionError(tag: tag)
        }
    }

    static func mediaType(of format: ImageFileFormat) -> String {
        switch format {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .npy: AnswerFormat.mediaType(of: .npy)
        }
    }
}

/// What a condition of the request asks for is not so.
struct PreconditionError: Error, Equatable, CustomStringConvertible {
    /// The tag of what there is.
    let tag: EntityTag

    var description: String {
        "the current entity tag is \(tag): If-Match does not name it, or If-None-Match does (with another method than GET)"
    }
}
