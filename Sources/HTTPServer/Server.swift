public import Concurrency
internal import Foundation
internal import HTTP
public import Logging

/// An HTTP/1.1 server: one I/O thread for all connections, handlers on a fixed number of queues.
///
/// ```
/// let server = Server(configuration: configuration, logger: logger, handler: service)
/// let addresses = try server.start()
/// let watcher = SignalWatcher([SIGTERM, SIGINT]) { _ in server.drain() }
/// server.waitUntilStopped()
/// ```
public final class Server: Sendable {
    enum Phase {
        case new
        /// To be drained before it was started.
        case drainedEarly(Timeout)
        case running(ServerCore)
        case stopped(ServerCore, HTTPServerError?)
    }

    let configuration: ServerConfiguration
    let logger: Logger
    private let time: any TimeSource
    private let handler: any RequestHandler
    private let syscalls: Syscalls
    private let observe: (@Sendable (ServerEvent) -> Void)?
    let phase = Guarded(Phase.new)
    private let stopped = Condition()

    /// A server that is not listening yet.
    public convenience init(
        configuration: ServerConfiguration, logger: Logger, time: any TimeSource = MonotonicTime(),
        handler: any RequestHandler
    ) {
        self.init(
            configuration: configuration, logger: logger, time: time, handler: handler, syscalls: .kernel, observe: nil)
    }

    /// A server on another kernel, watched by a test.
    package init(
        configuration: ServerConfiguration, logger: Logger, time: any TimeSource, handler: any RequestHandler,
        syscalls: Syscalls, observe: (@Sendable (ServerEvent) -> Void)?
    ) {
        self.configuration = configuration
        self.logger = logger
        self.time = time
        self.handler = handler
        self.syscalls = syscalls
        self.observe = observe
    }

    deinit {
        // Nobody could ever stop it otherwise.
        drain(within: Timeout(nanoseconds: 0))
    }

    /// The addresses the server now listens at: those configured, with real ports in the place of 0.
    ///
    /// Throws ``HTTPServerError`` if the kernel refuses one of them, if a file for TLS cannot be used, or if the server
    /// was started before; then it listens at none.
    public func start() throws(HTTPServerError) -> [ListenAddress] {
        switch phase.withLock({ $0 }) {
        case .new, .drainedEarly: break
        case .running, .stopped: throw .alreadyStarted
        }
        let tls = try loadTLS()
        let mailbox = try Mailbox<LoopMessage>(syscalls: syscalls)
        let configuration = configurationThatFits()
        let core = core(with: mailbox, configuration)
        let poll = try Poll(syscalls: syscalls)
        var listeners: [Listener] = []
        do {
            listeners = try Listener.open(configuration, with: syscalls)
            try poll.add(mailbox.descriptor, as: EventLoop.Reserved.mailbox)
            for (index, listener) in listeners.enumerated() {
                try poll.add(listener.descriptor, as: EventLoop.Reserved.firstListener + UInt64(index))
            }
        } catch {
            for listener in listeners { listener.close(with: syscalls) }
            poll.close()
            throw error
        }
        startThread(core: core, poll: poll, listeners: listeners, tls: tls)
        return listeners.map(\.address)
    }

    /// Stops listening, answers the running requests with `Connection: close`, and closes what is left after `limit`.
    ///
    /// Without a limit that begins after the configuration's `drainDelay`, and the limit is its `drainTimeout`; with one
    /// it begins now. Returns at once; may be called from any thread and more than once, then the earliest times count.
    public func drain(within limit: Timeout? = nil) {
        let delay = limit == nil ? configuration.drainDelay : Timeout(nanoseconds: 0)
        let limit = limit ?? configuration.drainTimeout
        let core: ServerCore? = phase.withLock { phase in
            switch phase {
            case .new, .drainedEarly:
                phase = .drainedEarly(limit)
                return nil
            case .running(let core): return core
            case .stopped: return nil
            }
        }
        guard let core else { return }
        core.counters.noteDrain()
        let start = time.now + delay
        core.mailbox.post(.drain(from: start, until: start + limit))
    }

    /// Returns when the server has stopped, at once if it was never started.
    public func waitUntilStopped() {
        let core: ServerCore? =
            phase.wait(for: stopped) { phase in
                switch phase {
                case .new, .drainedEarly: .some(nil)
                case .running: nil
                case .stopped(let core, _): .some(core)
                }
            } ?? nil
        core?.accessLog.flush(within: .seconds(1))
    }

    /// Why the server stopped by itself, or nil.
    public var failure: HTTPServerError? {
        guard case .stopped(_, let failure) = phase.withLock({ $0 }) else { return nil }
        return failure
    }

    /// What the server has done and is doing.
    public var statistics: ServerStatistics {
        switch phase.withLock({ $0 }) {
        case .new, .drainedEarly: ServerStatistics()
        case .running(let core), .stopped(let core, _): core.statistics
        }
    }

    /// Makes the I/O thread look at the clock: a manual one has been moved.
    package func wake() {
        if case .running(let core) = phase.withLock({ $0 }) { core.mailbox.post(.wake) }
    }
}

extension Server {
    /// Descriptors left to everything that is no connection: listeners, logs, models, stores.
    private static let reservedDescriptors = 128

    /// The configuration with no more connections than the process may have descriptors for.
    private func configurationThatFits() -> ServerConfiguration {
        var configuration = configuration
        let limit = syscalls.descriptorLimit()
        guard limit >= 0 else { return configuration }
        let room = max(1, max(limit / 2, limit - Self.reservedDescriptors))
        guard configuration.maximumConnections > room else { return configuration }
        logger.warning(
            """
            at most \(room) connections at once instead of \(configuration.maximumConnections): the process may have \
            \(limit) files open
            """)
        configuration.maximumConnections = room
        return configuration
    }

    private func core(with mailbox: Mailbox<LoopMessage>, _ configuration: ServerConfiguration) -> ServerCore {
        let (handler, logger, time) = (handler, logger, time)
        let run: @Sendable (HandlerWork) -> Void = { work in
            if let response = work.response(from: handler, time: time, logger: logger) {
                mailbox.post(.answer(response, work), size: response.body.count)
            }
        }
        let label = "switchback.handler"
        return ServerCore(
            configuration: configuration, handler: handler, logger: logger, time: time, syscalls: syscalls,
            mailbox: mailbox,
            queues: HandlerQueues(
                label: label, count: configuration.handlerCount, lineLength: configuration.queueLength, run: run),
            urgentQueues: HandlerQueues(
                label: "\(label).urgent", count: configuration.urgentHandlerCount,
                lineLength: configuration.queueLength, run: run),
            accessLog: AccessLog(logger: logger), counters: ServerCounters(), observe: observe)
    }

    private func startThread(core: ServerCore, poll: Poll, listeners: [Listener], tls: TLSContext?) {
        let (phase, stopped) = (phase, stopped)
        let early: Timeout? = phase.withLock { phase in
            defer { phase = .running(core) }
            if case .drainedEarly(let limit) = phase { return limit }
            return nil
        }
        if let early { core.mailbox.post(.drain(from: time.now, until: time.now + early)) }
        let thread = Thread {
            var failure: HTTPServerError?
            do throws(HTTPServerError) {
                var loop = EventLoop(core: core, poll: poll, listeners: listeners, tls: tls)
                try loop.run()
            } catch {
                failure = error
                core.logger.critical("the server stops: \(error)")
            }
            phase.withLock { $0 = .stopped(core, failure) }
            stopped.notifyAll()
        }
        thread.name = "switchback-io"
        thread.start()
    }
}
