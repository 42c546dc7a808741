internal import Concurrency
internal import Dispatch

/// A fixed number of serial queues that run work, and a bounded line in front of them.
///
/// Serial, because Dispatch starts no further thread for a concurrent queue whose blocks wait: of 400 sleeping blocks
/// two had started after 0.2 s. Work goes to whichever queue is idle, so that nothing waits behind a long request
/// while another queue has nothing to do.
final class HandlerQueues: Sendable {
    private struct Work {
        var id: UInt64
        var body: @Sendable () -> Void
    }

    private struct State {
        var idle: [Int]
        var line: [Work] = []
    }

    private let queues: [DispatchQueue]
    private let lineLength: Int
    private let state: Guarded<State>

    /// `count` queues, at least one, before which at most `lineLength` pieces of work wait.
    init(label: String, count: Int, lineLength: Int) {
        precondition(count > 0 && lineLength >= 0, "\(count) handler queues with a line of \(lineLength)")
        queues = (0..<count).map { DispatchQueue(label: "\(label).\($0)") }
        self.lineLength = lineLength
        state = Guarded(State(idle: Array((0..<count).reversed())))
    }

    /// How much work runs now, and how much waits.
    var load: (running: Int, waiting: Int) {
        state.withLock { (queues.count - $0.idle.count, $0.line.count) }
    }

    /// Runs the work on an idle queue, or puts it at the end of the line; false if the line is full.
    func submit(_ id: UInt64, _ body: @escaping @Sendable () -> Void) -> Bool {
        let work = Work(id: id, body: body)
        let (queue, isTaken): (Int?, Bool) = state.withLock { state in
            if let queue = state.idle.popLast() { return (queue, true) }
            guard state.line.count < lineLength else { return (nil, false) }
            state.line.append(work)
            return (nil, true)
        }
        if let queue { start(work, on: queue) }
        return isTaken
    }

    /// Takes work out of the line if it has not started, and tells whether it has not: its place is free again at once.
    @discardableResult
    func withdraw(_ id: UInt64) -> Bool {
        state.withLock { state in
            guard let index = state.line.firstIndex(where: { $0.id == id }) else { return false }
            state.line.remove(at: index)
            return true
        }
    }

    private func start(_ work: Work, on queue: Int) {
        queues[queue].async { @Sendable in
            work.body()
            self.continueLine(on: queue)
        }
    }

    private func continueLine(on queue: Int) {
        let next: Work? = state.withLock { state in
            guard !state.line.isEmpty else {
                state.idle.append(queue)
                return nil
            }
            return state.line.removeFirst()
        }
        // A block of its own each: Dispatch then drains autorelease pools and other queues get their threads' turn.
        if let next { start(next, on: queue) }
    }
}
