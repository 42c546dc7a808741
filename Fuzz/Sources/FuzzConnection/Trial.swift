import FuzzRecipes
import HTTP
import HTTPTypes

/// A connection under trial: what holds for it is checked after every step.
struct Trial: ~Copyable {
    private static let limits = Limits(
        maximumRequestLineBytes: 200, maximumHeaderBytes: 400, maximumHeaderCount: 12, maximumBodyBytes: 64)
    /// A receive is no longer than this.
    private static let longestRead = 1024

    private var connection = ConnectionState(rules: ConnectionRules(limits: limits), peer: "192.0.2.1", at: 0)
    private var now: UInt64 = 0
    /// What the client has sent and the connection has not been given.
    private var pending: [UInt8] = []
    private var lastSequence: UInt64 = 0
    /// What is asked and not answered.
    private var isWaiting = false
    private var isInspecting = false
    private var isHandling = false
    private var isClosed = false
    private var hasShutDown = false
    private var wasCutShort = false
    private var method: HTTPRequest.Method?
    private var transcript = Transcript()

    mutating func step(_ recipe: inout Recipe) {
        switch recipe.number(below: 16) {
        case 0...2: pending += RequestRecipe.request(&recipe)
        case 3...6: receive(upTo: 1 + recipe.number(below: 256) * 4)
        case 7...9: respond(&recipe)
        case 10:
            connection.acceptBody(in: [UInt8](repeating: 1, count: recipe.number(below: 100)), at: now)
            if isInspecting { (isWaiting, isInspecting) = (false, false) }
        case 11, 12: write(upTo: recipe.number(below: 256) * 8)
        case 13:
            now += UInt64(recipe.number(below: 256)) * 500_000_000
            connection.passDeadline(at: now)
            wasCutShort = wasCutShort || connection.isClosed
        case 14: if recipe.happens(onceIn: 4) { connection.receiveEndOfStream(at: now) }
        default: interfere(&recipe)
        }
        act()
    }

    /// Lets every deadline pass: whatever happened, the connection ends.
    mutating func finish() {
        for _ in 0..<12 {
            guard let deadline = connection.deadline else { break }
            precondition(deadline >= now || !isWaiting, "a deadline of \(deadline) at \(now)")
            now = max(now, deadline)
            wasCutShort = true
            connection.passDeadline(at: now)
            act()
        }
        precondition(isClosed, "the connection outlives its deadlines")
        precondition(connection.nextAction(at: now) == nil && !connection.hasOutput, "it goes on after its end")
        transcript.check(isWhole: !wasCutShort)
    }

    private mutating func interfere(_ recipe: inout Recipe) {
        switch recipe.number(below: 8) {
        case 7:
            connection.lose()
            wasCutShort = true
        case 6:
            connection.drain(at: now)
        case 5: connection.abandonBody(.bodyTimedOut, at: now)
        default: break
        }
    }

    private mutating func receive(upTo count: Int) {
        guard connection.wantsToRead else { return }
        let piece = Array(pending.prefix(min(count, Self.longestRead)))
        pending.removeFirst(piece.count)
        connection.receive(piece.span, at: now)
    }

    private mutating func respond(_ recipe: inout Recipe) {
        let statuses: [HTTPResponse.Status] = [.ok, .noContent, .notModified, .notFound, .serviceUnavailable, 205]
        var response = Response(
            status: recipe.choose(statuses), body: [UInt8](repeating: 0x78, count: recipe.number(below: 256) * 300))
        if recipe.happens(onceIn: 5) { response.closesConnection = true }
        let isLate = recipe.happens(onceIn: 5)
        let number = connection.sequence &- (isLate ? 1 : 0)
        let held = connection.outputByteCount
        let isTaken = connection.respond(response, to: number, date: "D", requestID: "i", at: now)
        precondition(isTaken == (isWaiting && !isLate), "an answer is \(isTaken ? "" : "not ")taken, at \(number)")
        guard isTaken else {
            precondition(connection.outputByteCount == held, "an answer that is not taken is sent")
            return
        }
        (isWaiting, isInspecting, isHandling) = (false, false, false)
        transcript.expect(response, answering: method)
        precondition(connection.outputByteCount <= held + response.body.count + 200, "more is sent than the answer")
    }

    private mutating func write(upTo count: Int) {
        guard connection.hasOutput else { return }
        let piece = connection.withOutput { output in
            var bytes: [UInt8] = []
            for index in 0..<min(count, output.count) { bytes.append(output[index]) }
            return bytes
        }
        transcript.write(piece)
        connection.wrote(piece.count, at: now)
    }

    private mutating func act() {
        // An action takes input, asks for an answer or ends something; far more of them in a row are a loop.
        for _ in 0..<100 {
            guard let action = connection.nextAction(at: now) else { return hold() }
            precondition(!isClosed, "an action after the close")
            switch action {
            case .inspect(let head):
                ask(of: head)
                isInspecting = true
            case .refuse(_, let head):
                isHandling = false
                ask(of: head)
            case .handle(let request):
                precondition(request.sequence == connection.sequence, "a request with the number of another")
                precondition(request.body.count <= Self.limits.maximumBodyBytes, "a body over its limit")
                ask(of: request.head)
                isHandling = true
            case .more: preconditionFailure("no body comes over time here")
            case .cancel:
                precondition(isHandling, "nothing can be cancelled")
                (isWaiting, isHandling) = (false, false)
            case .shutdownWrite:
                precondition(
                    !hasShutDown && !connection.hasOutput, "it is shut down twice, or before its output is sent")
                hasShutDown = true
            case .close:
                isClosed = true
                (isWaiting, isInspecting) = (false, false)
            }
        }
        preconditionFailure("the connection asks for ever more")
    }

    private mutating func ask(of head: RequestHead?) {
        precondition(!hasShutDown, "something is asked after the end of the output")
        precondition(connection.sequence >= lastSequence, "the numbers run backwards")
        lastSequence = connection.sequence
        isWaiting = true
        isInspecting = false
        method = head?.method
    }

    /// What holds between two steps.
    private mutating func hold() {
        precondition(connection.isClosed == isClosed, "closed without word")
        precondition((connection.deadline == nil) == isClosed, "a deadline of nothing, or none")
        let bound =
            Self.limits.maximumRequestLineBytes + Self.limits.maximumHeaderBytes + Self.limits.maximumBodyBytes
            + 2 * Self.longestRead + 400
        precondition(connection.bufferedByteCount <= bound, "\(connection.bufferedByteCount) bytes are held")
        if isHandling { precondition(!connection.wantsToRead, "it reads on while a request is at work") }
    }
}
