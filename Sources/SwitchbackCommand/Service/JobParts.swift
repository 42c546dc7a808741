import Jobs
import PostgresStore
import SQLiteStore
import Switchback

/// The jobs of a service or a worker that has a place to keep them.
struct JobParts {
    let store: any JobStore
    let engine: ExplanationEngine
    let jobs: ExplanationJobs
    private let place: Place
    private let servesOthers: Bool

    /// Where jobs are kept.
    private enum Place {
        /// A file below the data folder.
        case file(SQLiteJobStore)
        /// A database that other machines use too.
        case database(PostgresJobStore)
    }

    /// Nil without a database and a folder: what cannot be kept is not taken in.
    ///
    /// - Parameter servesOthers: whether jobs that others have handed in are done here, where the model is here.
    /// - Throws: what is wrong with the database, or with the folder `jobs` and the file there.
    init?(
        _ settings: ServiceSettings, engine: ExplanationEngine, datasets: DatasetCatalog = .empty,
        servesOthers: Bool = true
    ) throws {
        do {
            if let address = settings.database {
                let database = try PostgresJobStore(address: address)
                (store, place) = (database, .database(database))
            } else if let folder = settings.dataFolder {
                let file = try SQLiteJobStore(directory: folder + "/jobs", maximumBytes: settings.jobStoreBytes)
                (store, place) = (file, .file(file))
            } else {
                return nil
            }
        } catch {
            throw Failure("\(error)")
        }
        self.engine = engine
        self.servesOthers = servesOthers
        jobs = ExplanationJobs(
            engine: engine, store: store, limits: settings.jobLimits, datasets: datasets, now: { WallTime.current })
        guard servesOthers else { return }
        _ = try jobs.learnModels()
        if case .database = place { try jobs.offerAllModels() }
    }

    /// Tells `wakeUp` of work that comes from other machines, for as long as what it returns lives; nil where none does.
    func listener(_ wakeUp: WakeUp) -> JobListener? {
        switch place {
        case .file: nil
        case .database(let database): database.listener(wakeUp)
        }
    }

    /// Gets to know the models of jobs that others have handed in, if any of these are to be done here.
    func learn(_ wakeUp: WakeUp) throws {
        if servesOthers, try jobs.learnModels() { wakeUp.notify() }
    }

    /// Gives the room of removed jobs back to the file system, where the database does not do that by itself.
    func vacuum() throws(JobsError) {
        switch place {
        case .file(let file): try file.vacuum()
        case .database: return
        }
    }
}
