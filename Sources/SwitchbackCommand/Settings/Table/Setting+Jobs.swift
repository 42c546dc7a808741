import Concurrency
import Switchback

extension Setting {
    static let jobs = SettingGroup(
        title: "Jobs, with a data folder or a store", isAdvanced: true,
        settings: [
            Setting(
                "store", SettingType.database.optional, \.database,
                "The PostgreSQL database that keeps jobs and posted images, for any number of machines.",
                default: "the data folder"),
            Setting(
                "max-job-cost", .number(1...1e18), \.jobLimits.maximumMultiplyAdds,
                "The costliest job in multiply-adds; 1e16 are about a day on two cores."),
            Setting(
                "max-jobs-per-client", .count(1...1_000_000), \.jobLimits.maximumPerClient,
                "Jobs of one client that have not ended; over it 429."),
            Setting(
                "max-event-streams", .count(1...1_000_000), \.maximumEventStreams,
                "Clients that follow jobs by /jobs/{id}/events at once; over it 503."),
            Setting(
                "job-store-bytes", .bytes((1 << 20)...(1 << 50)), \.jobStoreBytes,
                "How large the file of jobs, with their images and results, may become; over it 507."),
            Setting(
                "job-age", .time(.seconds(0)...(.seconds(36_500 * 86_400))), \.jobAge,
                "How long after its end a job is kept, with its result; 0 is for ever."),
        ])
}
