import Concurrency
import Foundation
import HTTPServer
import Logging
import Switchback
import WebService

/// One life of the service: it listens, answers, and stops when it is told to.
struct ServiceRun {
    private let parts: ServiceParts
    private let logger: Logger

    init(_ parts: ServiceParts, logger: Logger) {
        self.parts = parts
        self.logger = logger
    }

    /// Serves until a signal ends it; throws if it cannot start, or stops by itself.
    func run() throws {
        DescriptorLimit.raise()
        warn()
        let registry = PrometheusRegistry()
        let jobs = parts.jobs.map { jobs in
            JobService(jobs, role: "serve", settings: parts.settings, metrics: JobMetrics(registry), logger: logger)
        }
        // However this ends, the shard in hand is given back.
        defer {
            jobs?.stop()
            jobs?.waitUntilStopped()
        }
        let service = WebService(
            engine: parts.engine, images: parts.images, jobs: jobs?.routes, datasets: parts.datasets, logger: logger,
            access: parts.access,
            limits: parts.settings.server.limits, answerCacheBytes: parts.settings.answerCacheBytes,
            metrics: registry, contract: Environment.current.file(named: "openapi.yaml"))
        let server = Server(configuration: parts.settings.server, logger: logger, handler: service)
        service.follow(server)
        // Before the port is opened, so that no signal finds the default action.
        let watcher = watchSignals(server, jobs)
        defer { watcher.cancel() }
        let addresses = try start(server)
        logger.notice("access: \(parts.access.summary)")
        for address in addresses {
            logger.notice(
                "listening on \(address.port > 0 && !address.isTLS ? "http://" : "")\(address)",
                metadata: [
                    "model": "\(parts.model.identity.name)", "kernels": "\(parts.engine.instructionSet)",
                    "threads": .stringConvertible(parts.settings.threads),
                ])
        }
        server.waitUntilStopped()
        if let failure = server.failure { throw Failure("the service stopped by itself: \(failure)") }
        logger.notice("stopped")
    }

    /// Says what an operator may not have meant.
    private func warn() {
        if let warning = parts.memoryWarning { logger.warning("\(warning)") }
        // No reason not to begin: whoever asks for data sets is told what is wrong.
        for name in (try? parts.datasets.hidden()) ?? [] {
            logger.warning(
                "an uploaded data set is hidden: the configuration has one of its name",
                metadata: ["name": "\(name)"])
        }
    }

    /// Listens; only now it is known where the sockets are that systemd hands over.
    private func start(_ server: Server) throws -> [ListenAddress] {
        let addresses: [ListenAddress]
        do {
            addresses = try server.start()
        } catch {
            throw Failure("\(error)")
        }
        do {
            try parts.settings.check(addresses)
        } catch {
            server.drain(within: .seconds(0))
            server.waitUntilStopped()
            throw error
        }
        return addresses
    }

    /// SIGTERM and SIGINT: the first lets running requests end, a second does not.
    ///
    /// SIGHUP: certificates, tokens and the key of links anew.
    private func watchSignals(_ server: Server, _ jobs: JobService?) -> SignalWatcher {
        let (run, logger, count) = (self, logger, Guarded(0))
        return SignalWatcher([SIGTERM, SIGINT, SIGHUP]) { signal in
            if signal == SIGHUP { return run.reload(server) }
            jobs?.stop()
            let name = signal == SIGTERM ? "SIGTERM" : "SIGINT"
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst {
                logger.notice("\(name): stopping when the requests that run have been answered")
                server.drain()
            } else {
                logger.warning("\(name) again: stopping at once")
                server.drain(within: .seconds(0))
            }
        }
    }

    /// Reads again what came from files, and says which; where it is wrong, what is in use stays.
    private func reload(_ server: Server) {
        let access = parts.settings.access
        let hasSecrets = access.tokenFile != nil || access.signingKeyFile != nil
        let hasCertificates = parts.settings.server.addresses.contains(where: \.isTLS)
        if hasSecrets { reloadAccess() }
        if hasCertificates { reloadCertificates(server) }
        if !hasSecrets && !hasCertificates {
            logger.notice("SIGHUP: nothing to read again: there are neither tokens nor certificates")
        }
    }

    private func reloadAccess() {
        do {
            try parts.access.reload()
            logger.notice("SIGHUP: access read again: \(parts.access.summary)")
        } catch {
            logger.error("SIGHUP: the tokens in use stay: \(error)")
        }
    }

    private func reloadCertificates(_ server: Server) {
        do {
            try server.reloadTLS()
            logger.notice("SIGHUP: certificates read again")
        } catch {
            logger.error("SIGHUP: the certificates in use stay: \(error)")
        }
    }
}
