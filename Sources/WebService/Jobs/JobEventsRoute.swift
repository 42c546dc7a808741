internal import HTTP
internal import HTTPServer
internal import HTTPTypes
internal import Jobs
internal import Switchback

/// `GET /jobs/{id}/events`: how the job goes on, as server-sent events (WHATWG HTML, section 9.2).
struct JobEventsRoute: Sendable {
    /// How long a client that has lost the stream waits before it comes back, in milliseconds.
    static let retryMilliseconds = 3000
    /// After so long without an event a comment is sent, in nanoseconds: proxies cut what is silent for a minute.
    static let idleInterval: UInt64 = 15_000_000_000

    let streams: JobEventStreams

    /// The stream; 204 for a client that has seen the end, which keeps browsers from asking again.
    func respond(to request: Request, job: ExplanationJob, asker: Asker) throws -> Response {
        let accepted = request.fields[.accept]
        guard Negotiation.mediaType(accept: accepted, offered: [ServerSentEvent.mediaType]) != nil else {
            throw NegotiationError(accepted: accepted ?? "", available: [ServerSentEvent.mediaType])
        }
        let seen = request.fields[.lastEventID].flatMap(JobEventMark.init)
        if job.job.state.isEnded, let seen, seen.isSame(as: JobEventMark(job.job, knowsPartial: false)) {
            return Response(status: .noContent, fields: [.cacheControl: "no-store"])
        }
        var response = Response(
            status: .ok,
            fields: [
                .contentType: ServerSentEvent.mediaType, .cacheControl: "no-store", .vary: "Accept",
                // nginx would keep events back until its buffer is full.
                .accelBuffering: "no",
            ])
        response.leavesLengthOut = true
        guard request.method != .head else { return response }
        response.body = ServerSentEvent.retry(milliseconds: Self.retryMilliseconds)
        response.stream = StreamedBody(
            try streams.open(job, behind: seen, for: Self.client(request, asker)),
            idleBytes: ServerSentEvent.comment, idleInterval: Self.idleInterval)
        return response
    }

    /// Whose stream it is: the token's, or else the address's.
    private static func client(_ request: Request, _ asker: Asker) -> String {
        // No token has a name with an at sign.
        asker.name.isEmpty ? "@" + PeerName.client(of: request.peer) : asker.name
    }
}

extension HTTPField.Name {
    /// `Last-Event-ID` (WHATWG HTML, section 9.2.4).
    static var lastEventID: HTTPField.Name { HTTPField.Name("Last-Event-ID") ?? .server }
    /// `X-Accel-Buffering`, which nginx and those like it read.
    static var accelBuffering: HTTPField.Name { HTTPField.Name("X-Accel-Buffering") ?? .server }
}
