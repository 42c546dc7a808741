import Jobs
import PostgresStore
import SQLiteStore
import Switchback

/// The jobs of a service or a worker that has a place to keep them.
struct JobParts {
    let store: any JobStore
    let engine: ExplanationEngine
    let jobs: ExplanationJobs
    /// The time of day for all that is about jobs.
    let now: @Sendable () -> WallTime
    /// That of a database; nil where this machine's is used, since no other machine has the store.
    private let clock: StoreClock?
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
                let clock = try StoreClock { try database.time() }
                (self.clock, now) = (clock, { clock.now })
            } else if let folder = settings.dataFolder {
                let file = try SQLiteJobStore(directory: folder + "/jobs", maximumBytes: settings.jobStoreBytes)
                (store, place) = (file, .file(file))
                (clock, now) = (nil, { WallTime.current })
            } else {
                return nil
            }
        } catch {
            throw Failure("\(error)")
        }
        self.engine = engine
        self.servesOthers = servesOthers
        jobs = ExplanationJobs(
            engine: engine, store: store, limits: settings.jobLimits, datasets: datasets, now: now)
        guard servesOthers else { return }
        _ = try jobs.learnModels()
        if case .database = place { try jobs.offerAllModels() }
    }

    /// Calls `heard` when other machines bring work or cancel it, for as long as what it returns lives; nil where none does.
    func listener(_ heard: @escaping @Sendable () -> Void) -> JobListener? {
        switch place {
        case .file: nil
        case .database(let database): database.listener(heard)
        }
    }

    /// Gets to know the models of jobs that others have handed in, if any of these are to be done here.
    func learn(_ wakeUp: WakeUp) throws {
        if servesOthers, try jobs.learnModels() { wakeUp.notify() }
    }

    /// Asks the clock of a database again.
    func lookAtClock() throws { try clock?.look() }

    /// Gives the room of removed jobs back to the file system, where the database does not do that by itself.
    func vacuum() throws(JobsError) {
        switch place {
        case .file(let file): try file.vacuum()
        case .database: return
        }
    }
}
