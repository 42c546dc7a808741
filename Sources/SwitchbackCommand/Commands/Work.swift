import ArgumentParser
import Logging

/// `switchback worker`.
struct Work: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Works on the jobs of a shared store, without a port.",
        usage: "switchback worker --store <address> [--config <file>] [<flags>]",
        discussion: """
            Any number of workers, on any number of machines, share the jobs of one PostgreSQL database with the services \
            that use it (serve --store). A worker takes jobs for models that it has: the same files, by their SHA-256. \
            SIGTERM and SIGINT end it; the shard in hand is given back at once.

            Every flag is also an environment variable (SWITCHBACK_STORE) and a key of the YAML file, as with 'serve'.

            EXAMPLES
              switchback worker --store postgresql://switchback@db.example/switchback
              switchback worker --store postgresql://localhost/jobs --models Models --threads 1
            """)

    @OptionGroup var file: ConfigurationArguments
    @OptionGroup(title: Setting.jobs.title) var jobs: JobArguments
    @OptionGroup(title: Setting.models.title) var model: ModelArguments
    @OptionGroup(title: Setting.datasets.title) var datasets: DatasetSettingArguments
    @OptionGroup(title: Setting.logging.title) var logging: LoggingArguments

    func run() throws {
        let groups: [any SettingArguments] = [jobs, model, datasets, logging]
        let given = groups.reduce(into: [:]) { given, group in given.merge(group.given) { _, later in later } }
        let settings = try file.settings(flags: given).values
        guard settings.database != nil else {
            throw ValidationError(
                "a worker needs a store that it shares with others: --store postgresql://user@host/name")
        }
        let log = ServiceLog(settings)
        for warning in Environment.current.warnings { log.logger.warning("\(warning)") }
        try WorkerRun(settings, logger: log.logger).run()
    }
}
