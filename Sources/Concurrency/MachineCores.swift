/// The cores of a machine, for processes that would rather wait for one than share it.
///
/// Two processes that take turns on a core by the scheduler's clock take its caches from each other. Here each holds a core
/// for a whole piece of work. A core is a name that one process at a time can hold (``MachineName``).
/// The names mean no particular core: the scheduler places the threads. Anybody in the network namespace may hold
/// them, so nobody should wait for them for ever.
public final class MachineCores: Sendable {
    /// How many cores there are, at least 1.
    public let count: Int
    private let group: String

    /// The cores of this machine.
    ///
    /// - Parameters:
    ///   - count: how many there are; what is below 1 counts as 1, and no more than 1,000 are told apart.
    ///   - group: whose they are: processes with another group know nothing of these. At most 80 bytes without NUL.
    public init(count: Int, group: String = "switchback") {
        self.count = min(max(1, count), 1_000)
        self.group = group
    }

    /// So many cores, or as many as are free once one is.
    ///
    /// Nobody waits for more while cores are idle: where workers have different numbers of threads, some cores are then
    /// shared for as long as one of them is held. Of those who wait one looks for cores, by chance.
    ///
    /// - Parameters:
    ///   - wanted: how many; what is below 1 counts as 1.
    ///   - patience: how long to wait until one is free.
    ///   - token: ends the waiting.
    /// - Throws: ``MachineCoresError``, or ``Stopped`` when `token` says so.
    public func take(upTo wanted: Int, within patience: Timeout, token: CancellationToken = .never) throws -> HeldCores
    {
        let deadline = MonotonicTime().now + patience
        let names = (0..<count).map { MachineName(text: "\(group)/core/\($0)") }
        // One waits for the cores, and the others for this one.
        let queue = [MachineName(text: "\(group)/turn")]
        while true {
            let most = min(deadline, MonotonicTime().now + Self.queueing)
            if let turn = try claim(1, of: queue, until: most, token) {
                defer { turn.giveBack() }
                guard let held = try claim(max(1, wanted), of: names, until: deadline, token) else { break }
                return held
            }
            if most == deadline { break }
            // The one that should be looking for cores may have been stopped.
            let held = try free(max(1, wanted), of: names)
            if held.count > 0 { return held }
        }
        throw MachineCoresError.noneFree
    }

    /// How long the first of those who wait is trusted to take what is free.
    private static let queueing = Timeout.seconds(1)

    /// How soon to ask again for names some of which cannot be watched: a holder is about to let others, or lets nobody.
    private var blindMilliseconds: Int32 { Int32(clamping: max(2, count / 4)) }

    /// Holds so many of the names, or fewer where fewer are free, as soon as one is; nil where none is in time.
    private func claim(
        _ wanted: Int, of names: [MachineName], until deadline: Instant, _ token: CancellationToken
    ) throws -> HeldCores? {
        try token.check()
        let held = try free(wanted, of: names)
        if held.count > 0 { return held }
        if MonotonicTime().now >= deadline { return nil }
        let bell = try Descriptor.bell()
        let registration = token.onChange { bell.ring() }
        defer { token.remove(registration) }
        var watches: [MachineName: Descriptor] = [:]
        while true {
            for name in names where watches[name] == nil { watches[name] = try name.watch() }
            try token.check()
            let held = try free(wanted, of: names)
            if held.count > 0 { return held }
            let now = MonotonicTime().now
            if now >= deadline { return nil }
            let left = min(deadline, token.wakeUpTime ?? deadline) - now
            let milliseconds = Int32(clamping: left.nanoseconds / 1_000_000 + 1)
            let isBlind = watches.count < names.count
            try drop(&watches, bell, within: isBlind ? min(milliseconds, blindMilliseconds) : milliseconds)
            // A holder lets go of its cores one by one.
            if wanted > 1 { try drop(&watches, bell, within: 1) }
        }
    }

    /// Waits until a holder of watched names lets go, or the bell rings, and ends the watches that are over.
    private func drop(
        _ watches: inout [MachineName: Descriptor], _ bell: Descriptor, within milliseconds: Int32
    ) throws(MachineCoresError) {
        let watched = Array(watches)
        let isReadable = try Descriptor.readable([bell] + watched.map(\.value), within: milliseconds)
        // Why it rang is looked at next.
        if isReadable[0] { bell.silence() }
        for (watch, isOver) in zip(watched, isReadable.dropFirst()) where isOver { watches[watch.key] = nil }
    }

    /// Holds those of the names that are free at this moment, so many at most.
    private func free(_ wanted: Int, of names: [MachineName]) throws(MachineCoresError) -> HeldCores {
        var claims: [Descriptor] = []
        for name in names where claims.count < wanted {
            if let claim = try name.claim() { claims.append(claim) }
        }
        return HeldCores(claims)
    }
}

/// Cores that this process holds until it gives them back, or lets go of this object.
public final class HeldCores: Sendable {
    private let claims: Guarded<[Descriptor]>

    fileprivate init(_ claims: [Descriptor]) { self.claims = Guarded(claims) }

    /// How many are held.
    public var count: Int { claims.withLock { $0.count } }

    /// Has others hold them; a second call does nothing.
    public func giveBack() { claims.withLock { $0 = [] } }
}

/// Why cores could not be held.
public enum MachineCoresError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Others held all of them for as long as this process would wait.
    case noneFree
    /// The system refuses the name; `code` is its error number.
    case failed(name: String, code: Int32)

    /// What happened, in words.
    public var description: String {
        switch self {
        case .noneFree: "others hold the machine's cores for too long"
        case .failed(let name, let code): "the system does not let the name '\(name)' be held: error \(code)"
        }
    }
}
