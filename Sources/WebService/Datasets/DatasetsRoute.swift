internal import Concurrency
internal import HTTP
internal import HTTPTypes
internal import Switchback

/// `GET /datasets`, and `GET`, `PUT`, `POST` and `DELETE` of `/datasets/{name}`.
struct DatasetsRoute: Sendable {
    enum Operation: Sendable {
        case list
        case get
        /// Keeps a set.
        case put
        /// Adds images to a set.
        case add
        case remove
    }

    let datasets: DatasetCatalog
    /// Whose work may be about a set that is to be removed; nil where there are no jobs.
    let jobs: ExplanationJobs?

    func register(in router: inout Router<WebService.Route>) {
        router.on(.get, Address.datasets, .datasets(self, .list))
        let address = Address.datasets + "/{name}"
        router.on(.get, address, .datasets(self, .get))
        router.on(.put, address, .datasets(self, .put))
        router.on(.post, address, .datasets(self, .add))
        router.on(.delete, address, .datasets(self, .remove))
    }

    func respond(
        to request: Request, _ operation: Operation, name: String, token: CancellationToken
    ) throws -> Response {
        switch operation {
        case .list:
            let documents = try datasets.datasets().map { DatasetDocument($0).summary }
            return Response(json: .members(["datasets": .array(documents)]))
        case .get: return Response(json: DatasetDocument(try datasets.dataset(named: name).dataset).json)
        case .put: return try upload(request, name, adding: false, token)
        case .add: return try upload(request, name, adding: true, token)
        case .remove:
            try datasets.remove(name) { try jobs?.requireNone(about: name) }
            return Response(status: .noContent)
        }
    }

    /// The types of a body that is a tar archive.
    static let archiveTypes = ["application/x-tar", "application/octet-stream"]

    /// Throws what can be seen of an upload before its body: that the body is no archive by its type.
    static func check(_ head: RequestHead) throws(DatasetRequestError) {
        let stated = head.fields[.contentType]
        guard let type = stated.flatMap({ MediaType($0) }), archiveTypes.contains(type.essence) else {
            throw .unsupportedType(stated)
        }
    }

    private func upload(
        _ request: Request, _ name: String, adding: Bool, _ token: CancellationToken
    ) throws -> Response {
        try Self.check(request.head)
        let (dataset, isNew) = try datasets.upload(request.body, as: name, adding: adding, token: token)
        var response = Response(json: DatasetDocument(dataset).json)
        response.status = isNew ? .created : .ok
        response.fields[.location] = Address.dataset(dataset.name)
        return response
    }
}

/// A body that is no archive by its type.
enum DatasetRequestError: Error, Equatable, CustomStringConvertible {
    /// The type that is stated; nil where none is.
    case unsupportedType(String?)

    var description: String {
        switch self {
        case .unsupportedType(let type):
            let found =
                type.map { "the body's Content-Type is '\($0.prefix(80))'" } ?? "the request has no Content-Type"
            return """
                \(found); a data set is a tar archive, \(DatasetsRoute.archiveTypes.joined(separator: " or ")). With curl: \
                -T photos.tar -H 'Content-Type: application/x-tar'
                """
        }
    }
}
