internal import Blobs
internal import Jobs
internal import Models

extension ExplanationJobs {
    /// Lets the runner do the jobs that have not ended whose models are here, whoever handed them in: all of them, then
    /// those that came since the last call.
    ///
    /// - Returns: whether there were any for a model that was not known before.
    /// - Throws: `SwitchbackError.brokenStore` where the store does not work.
    public func learnModels() throws -> Bool {
        do {
            return try models.learn(from: store, engine: engine, now: now())
        } catch {
            throw SwitchbackError.translating(error)
        }
    }

    /// Lets the runner do jobs for every model of the library, whoever hands them in; each is loaded.
    ///
    /// - Throws: `SwitchbackError` for a model that cannot be loaded.
    public func offerAllModels() throws {
        do {
            for name in engine.library.names {
                models.note(try engine.library.model(named: name).contentDigest.hex)
            }
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}
