import Dispatch
import Foundation
import HTTPServer
import Logging
import Models
import Switchback

/// One life of a worker: it does shards until it is told to stop.
struct WorkerRun {
    private let settings: ServiceSettings
    private let logger: Logger

    init(_ settings: ServiceSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Works until a signal ends it; throws if it cannot start.
    func run() throws {
        let engine = try settings.makeEngine()
        guard let parts = try JobParts(settings, engine: engine, datasets: try settings.makeCatalog()) else {
            throw Failure("there is no store of jobs")
        }
        let stopping = DispatchSemaphore(value: 0)
        // Before any work is claimed, so that no signal finds the default action.
        let watcher = SignalWatcher([SIGTERM, SIGINT]) { [logger] signal in
            logger.notice("\(signal == SIGTERM ? "SIGTERM" : "SIGINT"): giving the shard in hand back")
            stopping.signal()
        }
        defer { watcher.cancel() }
        let jobs = JobService(parts, role: "worker", settings: settings, logger: logger)
        logger.notice(
            "working",
            metadata: [
                "models": "\(engine.library.names.joined(separator: ", "))", "kernels": "\(engine.instructionSet)",
                "threads": .stringConvertible(settings.threads),
            ])
        stopping.wait()
        jobs.stop()
        jobs.waitUntilStopped()
        logger.notice("stopped")
    }
}
