internal import HTTP
internal import Switchback

/// `GET /models` and `GET /models/{name}`.
struct ModelsRoute: Sendable {
    let engine: ExplanationEngine

    func respond(to request: Request, named name: String?) throws -> Response {
        guard let name else { return Response(json: ModelListDocument(engine).json) }
        return Response(json: ModelDocument(try engine.model(named: name)).json)
    }
}
