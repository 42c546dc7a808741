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

    /// Names are asked for again so often; nobody is told when one is free.
    private static let pause = Timeout.milliseconds(2)

    /// The cores of this machine.
    ///
    /// - Parameters:
    ///   - count: how many there are; what is below 1 counts as 1.
    ///   - group: whose they are: processes with another group know nothing of these. At most 80 bytes without NUL.
    public init(count: Int, group: String = "switchback") {
        self.count = max(1, count)
        self.group = group
    }

    /// So many cores, all of them if `wanted` is more than there are; the first to ask is the first to get them.
    ///
    /// - Parameters:
    ///   - wanted: how many; what is below 1 counts as 1.
    ///   - patience: how long to wait until all are free.
    ///   - token: ends the waiting.
    /// - Throws: ``MachineCoresError``, or ``Stopped`` when `token` says so.
    public func take(_ wanted: Int, within patience: Timeout, token: CancellationToken = .never) throws -> HeldCores {
        let deadline = MonotonicTime().now + patience
        // Who collects cores holds this: two that collect at once could wait for each other's for ever, and one that needs
        // many would wait while others take each core as it gets free.
        let turn = try claimFirst(of: ["\(group)/turn"], until: deadline, token)
        defer { turn.giveBack() }
        let names = (0..<count).map { "\(group)/core/\($0)" }
        let held = HeldCores()
        do {
            for _ in 0..<min(max(1, wanted), count) { held.add(try claimFirst(of: names, until: deadline, token)) }
        } catch {
            held.giveBack()
            throw error
        }
        return held
    }

    /// Holds the first of the names that is free, as soon as one is.
    private func claimFirst(of names: [String], until deadline: Instant, _ token: CancellationToken) throws -> HeldCores
    {
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
            for name in names {
                // SAFETY: the name is read during the call only, and ends with the NUL that Swift puts behind it.
                let status = unsafe sb_claim_name(name)
                if status >= 0 { return HeldCores(status) }
                if status != -EADDRINUSE { throw MachineCoresError.failed(name: name, code: -status) }
            }
            let now = MonotonicTime().now
            if now >= deadline { throw MachineCoresError.noneFree }
            _ = waiting.wait(for: changed, until: min(deadline, now + Self.pause)) { _ in token.isCancelled ? true : nil
            }
        }
    }
}

/// Cores that this process holds until it gives them back, or lets go of this object.
public final class HeldCores: Sendable {
    private let descriptors: Guarded<[Int32]>

    fileprivate init(_ descriptors: Int32...) {
        self.descriptors = Guarded(descriptors)
    }

    deinit { giveBack() }

    /// How many are held.
    public var count: Int { descriptors.withLock { $0.count } }

    fileprivate func add(_ other: HeldCores) {
        let taken = other.takeAll()
        descriptors.withLock { $0 += taken }
    }

    /// Has others hold them; a second call does nothing.
    public func giveBack() {
        for descriptor in takeAll() { _ = sb_close(descriptor) }
    }

    private func takeAll() -> [Int32] {
        descriptors.withLock { descriptors in
            defer { descriptors = [] }
            return descriptors
        }
    }
}

/// Why cores could not be held.
public enum MachineCoresError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Others held too many of them for as long as this process would wait.
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
