internal import Concurrency
internal import HTTP
internal import HTTPServer
internal import HTTPTypes
internal import Switchback

/// Whether the service can do its work: `GET /readyz`, for load balancers.
final class Readiness: Sendable {
    private struct State {
        /// Not kept alive: it keeps the service.
        weak var server: Server?
    }

    private let engine: ExplanationEngine
    private let state = Guarded(State())

    init(engine: ExplanationEngine) {
        self.engine = engine
    }

    /// Takes the server whose drain is to be told of.
    func follow(_ server: Server) { state.withLock { $0.server = server } }

    /// What the server has done, if there is one.
    var statistics: ServerStatistics? { state.withLock { $0.server }?.statistics }

    /// Why the service cannot do its work; nil if it can.
    var obstacle: String? {
        if statistics?.isDraining == true { return "the service is being stopped" }
        guard (try? engine.model(named: nil)) != nil else { return "the default model cannot be loaded" }
        return nil
    }

    /// 200, or 503 with the reason.
    func response(requestID: String) -> Response {
        if let obstacle { return Problem(.serviceUnavailable, obstacle).response(requestID: requestID) }
        return Response(json: .members(["status": .string("ready")]))
    }
}
