import CLinux
import Glibc

/// The cores of a machine, for processes that would rather wait for one than share it.
///
/// Two processes that take turns on a core by the scheduler's clock take its caches from each other. Here each holds a core
/// for a whole piece of work. A core is a name that one process at a time can hold, an abstract name of a Unix-domain
/// socket (unix(7)), so it is free again the moment its holder ends, by `kill -9` too, and nothing is left in any folder.
/// The names mean no particular core: the scheduler places the threads. They are known in one network namespace, and
/// anybody there may hold them, so nobody should wait for them for ever.
public final class MachineCores: Sendable {
    /// How many cores there are, at least 1.
    public let count: Int
    private let group: String

    /// The cores of this machine.
    ///
    /// - Parameters:
    ///   - count: how many there are; what is below 1 counts as 1.
    ///   - group: whose they are: processes with another group know nothing of these. At most 80 bytes without NUL.
    public init(count: Int, group: String = "switchback") {
        self.count = max(1, count)
        self.group = group
    }

    /// So many cores, or as many as are free once one is.
    ///
    /// Nobody waits for more while cores are idle: where workers have different numbers of threads, some cores are then
    /// shared for the length of a piece of work. Of those who wait one looks for cores, by chance.
    ///
    /// - Parameters:
    ///   - wanted: how many; what is below 1 counts as 1.
    ///   - patience: how long to wait until one is free.
    ///   - token: ends the waiting.
    /// - Throws: ``MachineCoresError``, or ``Stopped`` when `token` says so.
    public func take(upTo wanted: Int, within patience: Timeout, token: CancellationToken = .never) throws -> HeldCores
    {
        let deadline = MonotonicTime().now + patience
        // One asks for all the names, and the others for this one.
        let turn = try claim(1, of: ["\(group)/turn"], until: deadline, token)
        defer { turn.giveBack() }
        return try claim(max(1, wanted), of: (0..<count).map { "\(group)/core/\($0)" }, until: deadline, token)
    }

    /// Names are asked for again so often, since nobody is told when one is free: asking takes some microseconds a name.
    private var pause: Timeout { .milliseconds(max(2, Double(count) / 4)) }

    /// Holds so many of the names, or fewer where fewer are free, as soon as one is.
    private func claim(
        _ wanted: Int, of names: [String], until deadline: Instant, _ token: CancellationToken
    ) throws -> HeldCores {
        let waiting = Guarded(())
        let changed = Condition()
        let registration = token.onCancel {
            // The lock makes sure that who waits has either seen the change or is asleep by now.
            waiting.withLock { _ in }
            changed.notifyAll()
        }
        defer { token.remove(registration) }
        while true {
            try token.check()
            let held = try free(wanted, of: names)
            if held.count > 0 { return held }
            let now = MonotonicTime().now
            if now >= deadline { throw MachineCoresError.noneFree }
            _ = waiting.wait(for: changed, until: min(deadline, now + pause)) { _ in token.isCancelled ? true : nil }
        }
    }

    /// Holds those of the names that are free at this moment, so many at most.
    private func free(_ wanted: Int, of names: [String]) throws(MachineCoresError) -> HeldCores {
        let held = HeldCores()
        for name in names where held.count < wanted {
            // SAFETY: the name is read during the call only, and ends with the NUL that Swift puts behind it.
            let status = unsafe sb_claim_name(name)
            if status >= 0 {
                held.add(status)
            } else if status != -EADDRINUSE {
                throw .failed(name: name, code: -status)
            }
        }
        return held
    }
}

/// Cores that this process holds until it gives them back, or lets go of this object.
public final class HeldCores: Sendable {
    private let descriptors = Guarded<[Int32]>([])

    fileprivate init() {}

    deinit { giveBack() }

    /// How many are held.
    public var count: Int { descriptors.withLock { $0.count } }

    fileprivate func add(_ descriptor: Int32) { descriptors.withLock { $0.append(descriptor) } }

    /// Has others hold them; a second call does nothing.
    public func giveBack() {
        let held = descriptors.withLock { descriptors in
            defer { descriptors = [] }
            return descriptors
        }
        for descriptor in held { _ = sb_close(descriptor) }
    }
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
