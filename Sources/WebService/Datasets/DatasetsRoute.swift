internal import HTTP
internal import HTTPTypes
internal import Switchback

/// `GET /datasets` and `GET /datasets/{name}`.
struct DatasetsRoute: Sendable {
    enum Operation: Sendable {
        case list
        case get
    }

    let datasets: DatasetCatalog

    func register(in router: inout Router<WebService.Route>) {
        router.on(.get, Address.datasets, .datasets(self, .list))
        router.on(.get, Address.datasets + "/{name}", .datasets(self, .get))
    }

    func respond(to request: Request, _ operation: Operation, name: String) throws -> Response {
        switch operation {
        case .list:
            let documents = try datasets.datasets().map { DatasetDocument($0).summary }
            return Response(json: .members(["datasets": .array(documents)]))
        case .get: return Response(json: DatasetDocument(try datasets.dataset(named: name).dataset).json)
        }
    }
}
