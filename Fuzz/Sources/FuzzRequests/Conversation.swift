import HTTP
import HTTPTypes

/// A whole connection over bytes that a client sends: the state machine as a server drives it, each request answered.
struct Conversation: ~Copyable {
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let limits = Limits(maximumHeaderBytes: 1024, maximumHeaderCount: 16, maximumBodyBytes: 2048)

    private var connection: ConnectionState
    private var now: UInt64 = 1

    /// Sends the pieces and ends the stream; traps if the connection does not come to its end then.
    static func hold(_ pieces: [ArraySlice<UInt8>]) {
        var conversation = Conversation()
        for piece in pieces where conversation.connection.wantsToRead {
            conversation.connection.receive(Array(piece).span, at: conversation.now)
            conversation.answer()
        }
        if !conversation.connection.isClosed {
            conversation.connection.receiveEndOfStream(at: conversation.now)
            conversation.answer()
        }
        conversation.outlast()
    }

    private init() {
        connection = ConnectionState(rules: ConnectionRules(limits: Conversation.limits), peer: "192.0.2.1", at: 1)
    }

    private mutating func answer() {
        // Each action takes at least one byte of input or ends something; far more than that is a loop.
        for _ in 0..<10_000 {
            while connection.hasOutput { connection.wrote(connection.withOutput { $0.count }, at: now) }
            guard let action = connection.nextAction(at: now) else { return }
            perform(action)
        }
        preconditionFailure("the connection asks for ever more")
    }

    private mutating func perform(_ action: ConnectionAction) {
        switch action {
        case .inspect(let head):
            if head.target.path.hasPrefix("/refused") {
                respond(Response(status: .contentTooLarge))
            } else {
                connection.acceptBody(at: now)
            }
        case .handle(let request):
            precondition(request.body.count <= Conversation.limits.maximumBodyBytes, "a body over its limit")
            respond(Response(status: .ok, body: Reading.read(request)))
        case .refuse(let error, _):
            respond(Response(status: error.status, contentType: "text/plain", text: error.description))
        case .more, .cancel, .shutdownWrite, .close: break
        }
    }

    private mutating func respond(_ response: Response) {
        let isTaken = connection.respond(response, to: connection.sequence, date: Conversation.date, at: now)
        precondition(isTaken, "an answer that was asked for is not taken")
    }

    /// Lets every deadline pass.
    private mutating func outlast() {
        for _ in 0..<10 {
            guard let deadline = connection.deadline else { return }
            precondition(deadline >= now, "a deadline of \(deadline) at \(now)")
            now = deadline
            connection.passDeadline(at: now)
            answer()
        }
        precondition(connection.isClosed, "the connection outlives its deadlines")
    }
}
