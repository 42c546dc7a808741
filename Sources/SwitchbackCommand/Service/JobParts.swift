import Jobs
import SQLiteStore
import Switchback

/// The jobs of a service that has a folder for its data.
struct JobParts {
    let store: SQLiteJobStore
    let jobs: ExplanationJobs

    /// Nil without a folder: what cannot be kept is not taken in.
    ///
    /// - Throws: what is wrong with the folder `jobs` in it, or the file there.
    init?(_ settings: ServiceSettings, engine: ExplanationEngine) throws {
        guard let folder = settings.dataFolder else { return nil }
        do {
            store = try SQLiteJobStore(directory: folder + "/jobs", maximumBytes: settings.jobStoreBytes)
        } catch {
            throw Failure("\(error)")
        }
        jobs = try ExplanationJobs(
            engine: engine, store: store, limits: settings.jobLimits, now: { WallTime.current })
    }
}
