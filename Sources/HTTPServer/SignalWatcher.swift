internal import Dispatch
internal import Glibc

/// Tells of signals on an ordinary thread, where anything may be called, for as long as it lives.
///
/// The default action of the signals (to end the process) is switched off, and stays so. A command makes one for
/// `SIGTERM` and `SIGINT` that calls ``Server/drain(within:)``.
public final class SignalWatcher {
    private let sources: [any DispatchSourceSignal]

    /// A watcher that calls `body` with the number of each of `signals` that arrives, one call at a time.
    public init(_ signals: [Int32], _ body: @escaping @Sendable (Int32) -> Void) {
        let queue = DispatchQueue(label: "switchback.signals")
        let registered = DispatchSemaphore(value: 0)
        sources = signals.map { number in
            // Dispatch sees the signal all the same.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in body(number) }
            source.setRegistrationHandler { @Sendable in registered.signal() }
            source.activate()
            return source
        }
        // Dispatch registers later, on another thread: a signal before that would be lost.
        for _ in sources { registered.wait() }
    }

    deinit {
        cancel()
    }

    /// Stops watching; the signals stay ignored.
    public func cancel() {
        for source in sources { source.cancel() }
    }

    /// Ignores SIGPIPE for the whole process, so that writing to a peer that has gone is an error and not the end.
    ///
    /// The server's own sockets never raise it, but a library that writes to one may: call this first in `main`.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}

// @unchecked because the array is never changed, and Dispatch's sources are made to be shared.
extension SignalWatcher: @unchecked Sendable {}
