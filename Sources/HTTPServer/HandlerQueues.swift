internal import Concurrency
internal import Dispatch

/// A fixed number of serial queues that run work, and a bounded line in front of them.
///
/// Serial, because Dispatch starts no further thread for a concurrent queue whose blocks wait: of 400 sleeping blocks
/// two had started after 0.2 s. Work goes to whichever queue is idle, so that nothing waits behind a long request
/// while another queue has nothing to do.
///
/// Waking a queue costs more than a small answer. So whoever submits much at once sends for a queue when all of it is in
/// the line, and one queue at a time is on its way there; when it comes and more waits, it sends for the next one before
/// it begins. A queue stays until the line is empty.
final class HandlerQueues<Work: AnyObject & Sendable>: Sendable {
    private struct State {
        /// Queues that nobody has sent for.
        var asleep: [Int]
        /// Whether a queue was sent for and has not come yet.
        var isWaking = false
        var line = Line<Work>()

        /// How many queues do nothing yet.
        var idleCount: Int { asleep.count + (isWaking ? 1 : 0) }

        /// A queue to send for: nil if one is on its way, or all are at work.
        mutating func nextToWake() -> Int? {
            guard !isWaking, let queue = asleep.popLast() else { return nil }
            isWaking = true
            return queue
        }
    }

    private let queues: [DispatchQueue]
    private let lineLength: Int
    private let run: @Sendable (Work) -> Void
    private let state: Guarded<State>

    /// `count` queues, at least one, that run work, and before which at most `lineLength` pieces of it wait.
    init(label: String, count: Int, lineLength: Int, run: @escaping @Sendable (Work) -> Void) {
        precondition(count > 0 && lineLength >= 0, "\(count) handler queues with a line of \(lineLength)")
        queues = (0..<count).map { DispatchQueue(label: "\(label).\($0)") }
        self.lineLength = lineLength
        self.run = run
        state = Guarded(State(asleep: Array((0..<count).reversed())))
    }

    /// How much work runs now or is about to, and how much waits for a queue.
    var load: (running: Int, waiting: Int) {
        state.withLock { state in
            let starting = min(state.line.count, state.idleCount)
            return (queues.count - state.idleCount + starting, state.line.count - starting)
        }
    }

    /// Puts the work at the end of the line; false if the line is full.
    ///
    /// ``start()`` must follow.
    func submit(_ work: Work) -> Bool {
        state.withLock { state in
            guard state.line.count < lineLength + state.idleCount else { return false }
            state.line.append(work)
            return true
        }
    }

    /// Has what is in the line run on the queues that are idle.
    func start() {
        let queue: Int? = state.withLock { state in state.line.count > 0 ? state.nextToWake() : nil }
        if let queue { wake(queue) }
    }

    /// Takes work out of the line if it has not started, and tells whether it has not: its place is free again at once.
    @discardableResult
    func withdraw(_ work: Work) -> Bool {
        state.withLock { $0.line.remove(work) }
    }

    private func wake(_ queue: Int) {
        queues[queue].async { @Sendable in self.serve(on: queue) }
    }

    /// Runs what is in the line until nothing is.
    private func serve(on queue: Int) {
        var work = take(on: queue, hasJustCome: true)
        while let next = work {
            run(next)
            work = take(on: queue, hasJustCome: false)
        }
    }

    /// The first piece of work in the line; without one the queue sleeps.
    private func take(on queue: Int, hasJustCome: Bool) -> Work? {
        let (work, other): (Work?, Int?) = state.withLock { state in
            if hasJustCome { state.isWaking = false }
            guard let work = state.line.popFirst() else {
                state.asleep.append(queue)
                return (nil, nil)
            }
            return (work, state.line.count > 0 ? state.nextToWake() : nil)
        }
        if let other { wake(other) }
        return work
    }
}
