import ArgumentParser
import Concurrency
import Foundation
import Switchback

/// Where jobs are kept: the flags of every command about jobs.
struct JobPlaceArguments: SettingArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of a service's data, or one of your own ($SWITCHBACK_DATA).", valueName: "dir"),
        completion: .directory)
    var data: String?
    @Option(
        help: ArgumentHelp(
            "The PostgreSQL database of services and workers ($SWITCHBACK_STORE).", valueName: "address"))
    var store: String?

    /// The flags that name the same place, for a command that a person may copy; a password is left for that person to put
    /// in again.
    var words: String {
        GivenOption.list([("data", data), ("store", store.map { SettingType.database.write($0).joined() })])
            .map { " --\($0.name) \(ShellWord($0.value).quoted)" }.joined()
    }

    /// The jobs that are kept there.
    ///
    /// - Parameter isNew: whether a folder without jobs may become one with.
    func open(_ model: ModelArguments, isNew: Bool = false) throws -> (parts: JobParts, settings: ServiceSettings) {
        var settings = try SettingsReader(
            flags: given.merging(model.given) { $1 }, variables: Environment.current.variables, machine: .current
        ).read().values
        // One command has nobody to share with, and leaves what others keep alone.
        settings.engine = EngineLimits(maximumExplanationBytes: .max, maximumMultiplyAdds: .infinity)
        settings.jobLimits.maximumMultiplyAdds = .infinity
        settings.jobAge = .seconds(0)
        // The bounds are those of the service whose store it is.
        settings.jobStoreBytes = 1 << 50
        settings.datasetStoreBytes = 1 << 50
        if settings.database == nil, let folder = settings.dataFolder, !isNew,
            !FileManager.default.fileExists(atPath: folder + "/jobs")
        {
            throw Failure("there are no jobs in '\(folder)'")
        }
        guard
            let parts = try JobParts(
                settings, engine: settings.makeEngine(), datasets: try settings.makeCatalog(), servesOthers: false)
        else {
            throw ValidationError("where are the jobs? --data names a folder, --store a database")
        }
        return (parts, settings)
    }
}
