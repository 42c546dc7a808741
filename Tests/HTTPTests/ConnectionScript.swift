import HTTP
import HTTPTypes

/// A connection without a socket, driven by hand on a clock of whole seconds that only the test moves.
final class ConnectionScript {
    private var state: ConnectionState
    /// What the connection has asked for since the last look, in words.
    private var log: [String] = []
    private(set) var now: UInt64 = 0
    /// The request handed over last.
    private(set) var request: Request?

    /// What it stands at.
    var connection: ConnectionView { ConnectionView(state) }

    static let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    init(limits: Limits = Limits(), timeouts: Timeouts = Timeouts()) {
        let rules = ConnectionRules(limits: limits, timeouts: timeouts)
        state = ConnectionState(rules: rules, peer: "192.0.2.1", at: 0)
    }

    /// Lets so many seconds pass, and the deadline with them if it lies within.
    func wait(_ seconds: UInt64) {
        now += seconds * 1_000_000_000
        state.passDeadline(at: now)
        run()
    }

    func send(_ text: String) {
        state.receive(Array(text.utf8).span, at: now)
        run()
    }

    func sendEnd() {
        state.receiveEndOfStream(at: now)
        run()
    }

    func lose() {
        state.lose()
        run()
    }

    func sendInterim() {
        state.sendInterim(at: now)
        run()
    }

    /// Gives the body that comes over time its next piece.
    func stream(_ text: String) {
        state.stream(Array(text.utf8), at: now)
        run()
    }

    func endStream() {
        state.endStream(at: now)
        run()
    }

    func hangUp() {
        state.hangUp(at: now)
        run()
    }

    func refuse(_ error: HTTPError) {
        state.refuse(error, at: now)
        run()
    }

    func drain() {
        state.drain(at: now)
        run()
    }

    func acceptBody() {
        state.acceptBody(at: now)
        run()
    }

    /// Answers the current request, or the one of that number; false if the answer was dropped.
    @discardableResult
    func respond(_ response: Response = Response(status: .ok), to sequence: UInt64? = nil) -> Bool {
        let isTaken = state.respond(response, to: sequence ?? state.sequence, date: Self.date, at: now)
        run()
        return isTaken
    }

    /// Takes at most so many bytes of the output, as a client does; returns them as text.
    @discardableResult
    func read(_ limit: Int = .max) -> String {
        var text: [UInt8] = []
        while text.count < limit, state.hasOutput {
            let piece = state.withOutput { span in
                var bytes: [UInt8] = []
                for index in 0..<min(span.count, limit - text.count) { bytes.append(span[index]) }
                return bytes
            }
            text += piece
            state.wrote(piece.count, at: now)
            run()
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What was asked for since the last look.
    func actions() -> [String] {
        defer { log = [] }
        return log
    }

    private func run() {
        while let action = state.nextAction(at: now) {
            switch action {
            case .inspect(let head): log.append("inspect \(head.method) \(head.target.raw)")
            case .handle(let request):
                self.request = request
                log.append("handle \(request.method) \(request.target.raw)")
            case .refuse(let error, let head):
                log.append("refuse \(error.status.code) \(head?.target.raw ?? "-")")
            case .more: log.append("more")
            case .cancel: log.append("cancel")
            case .shutdownWrite: log.append("shutdownWrite")
            case .close: log.append("close")
            }
        }
    }
}
