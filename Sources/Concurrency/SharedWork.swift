/// Work that several ask for at once and that is done once.
///
/// Who asks first does the work on its own thread, for all who ask for the same before it is done. It goes on as long as
/// anybody wants it: it stops when the last of them has been cancelled, whoever began it, and at the deadline of the one
/// who began it; those with time left then do it themselves.
public final class SharedWork<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// One piece of work under way.
    private final class Flight: Sendable {
        /// Stops the work.
        let token: CancellationToken
        let result = Guarded<Result<Value, any Error>?>(nil)
        let changed = Condition()

        init(token: CancellationToken) { self.token = token }

        /// Has those who wait look again.
        func wakeAll() {
            // Nobody is then between looking and going to sleep.
            result.withLock { _ in }
            changed.notifyAll()
        }
    }

    /// A piece of work, and how many want it.
    private struct Entry {
        let flight: Flight
        var interested = 1
    }

    private let entries = Guarded<[Key: Entry]>([:])

    /// Nothing is under way.
    public init() {}

    /// How many pieces of work are under way.
    public var count: Int { entries.withLock { $0.count } }

    /// How many want the work for a key.
    package func interest(in key: Key) -> Int { entries.withLock { $0[key]?.interested ?? 0 } }

    /// What `work` makes, or what somebody else's for the same key makes at this time.
    ///
    /// - Parameters:
    ///   - token: of the one who asks. Work that others may wait for gets a token of its own.
    ///   - isShared: told whether the value is somebody else's.
    /// - Throws: `Stopped` when `token` says so, and what the work throws, for all who wait for it.
    public func value(
        for key: Key, token: CancellationToken, isShared: (Bool) -> Void = { _ in },
        _ work: (CancellationToken) throws -> Value
    ) throws -> Value {
        while true {
            try token.check()
            let (flight, isOwn) = join(key, token)
            if isOwn {
                // Its thread is at work: the one who cancels has to see whether anybody else wants it.
                let registration = token.onCancel { self.leave(flight, key) }
                defer { token.remove(registration) }
                let result = Result { try work(flight.token) }
                finish(flight, key, with: result)
                // The work may have gone on for others though the one who began it has gone.
                try token.check()
                isShared(false)
                return try result.get()
            }
            let result = wait(for: flight, token)
            if case .failure(let error) = result, error is Stopped {
                // Either this token has stopped, or the one who began the work had less time.
                if token.isCancelled { leave(flight, key) }
                continue
            }
            isShared(true)
            return try result.get()
        }
    }

    /// The work under way for the key, or new work.
    private func join(_ key: Key, _ token: CancellationToken) -> (Flight, isOwn: Bool) {
        entries.withLock { entries in
            if let flight = entries[key]?.flight {
                entries[key]?.interested += 1
                return (flight, false)
            }
            let flight = Flight(token: CancellationToken(deadline: token.deadline, time: token.time))
            entries[key] = Entry(flight: flight)
            return (flight, true)
        }
    }

    /// One fewer wants the work; nobody may join what nobody wants.
    private func leave(_ flight: Flight, _ key: Key) {
        let isLast = entries.withLock { entries in
            guard let entry = entries[key], entry.flight === flight else { return false }
            entries[key] = entry.interested > 1 ? Entry(flight: flight, interested: entry.interested - 1) : nil
            return entry.interested == 1
        }
        if isLast { flight.token.cancel() }
    }

    private func finish(_ flight: Flight, _ key: Key, with result: Result<Value, any Error>) {
        entries.withLock { if $0[key]?.flight === flight { $0[key] = nil } }
        flight.result.withLock { $0 = result }
        flight.wakeAll()
    }

    /// The result of somebody else's work, or `Stopped` once the token has stopped.
    private func wait(for flight: Flight, _ token: CancellationToken) -> Result<Value, any Error> {
        let registration = token.onChange { flight.wakeAll() }
        defer { token.remove(registration) }
        while true {
            let result = flight.result.wait(for: flight.changed, until: token.wakeUpTime) { result in
                result ?? token.reason.map { .failure($0) }
            }
            if let result { return result }
        }
    }
}
