import ArgumentParser

/// Where the settings come from besides flags and variables.
struct ConfigurationArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The YAML file of settings (default: $SWITCHBACK_CONFIG, else \(SettingsFile.standardPath) if it is there)",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
}

/// Every setting as a flag, in the groups of the table.
struct ServiceArguments: ParsableArguments {
    @OptionGroup(title: Setting.listening.title) var listening: ListeningArguments
    @OptionGroup(title: Setting.access.title) var access: AccessArguments
    @OptionGroup(title: Setting.tls.title) var tls: TLSArguments
    @OptionGroup(title: Setting.models.title) var model: ModelArguments
    @OptionGroup(title: Setting.models.title) var defaultModel: DefaultModelArguments
    @OptionGroup(title: Setting.computing.title) var computing: ComputingArguments
    @OptionGroup(title: Setting.images.title) var images: ImageSettingArguments
    @OptionGroup(title: Setting.datasets.title, visibility: .hidden) var datasets: DatasetSettingArguments
    @OptionGroup(title: Setting.logging.title) var logging: LoggingArguments
    @OptionGroup(title: Setting.jobs.title, visibility: .hidden) var jobs: JobArguments
    @OptionGroup(title: Setting.messageLimits.title, visibility: .hidden) var messages: MessageLimitArguments
    @OptionGroup(title: Setting.connectionLimits.title, visibility: .hidden) var connections: ConnectionLimitArguments
    @OptionGroup(title: Setting.deadlines.title, visibility: .hidden) var deadlines: DeadlineArguments

    /// The settings given on the command line, by name, each with its words.
    var given: [String: [String]] {
        let groups: [any SettingArguments] = [
            listening, access, tls, model, defaultModel, computing, images, datasets, logging, jobs, messages,
            connections,
            deadlines,
        ]
        return groups.reduce(into: [:]) { given, group in given.merge(group.given) { _, later in later } }
    }

    /// What is in force with these flags, the environment and the YAML file.
    func settings(_ configuration: ConfigurationArguments) throws -> SettingsInForce {
        try configuration.settings(flags: given)
    }
}

extension ConfigurationArguments {
    /// What is in force with these flags, by name, the environment and the YAML file.
    func settings(flags: [String: [String]]) throws -> SettingsInForce {
        let environment = Environment.current
        let file = try ConfigurationFile.find(flag: config, environment)
        return try SettingsReader(
            flags: flags, variables: environment.variables, file: file, machine: .current
        ).read()
    }
}

struct ListeningArguments: SettingArguments {
    @Option(help: .setting("listen")) var listen: [String] = []
    @Option(help: .setting("unix-socket-mode")) var unixSocketMode: String?
    @Option(help: .setting("trusted-proxies")) var trustedProxies: [String] = []
    @Flag(inversion: .prefixedNo, help: .setting("insecure")) var insecure: Bool?
}

struct AccessArguments: SettingArguments {
    @Option(help: .setting("token-file"), completion: .file()) var tokenFile: String?
    @Option(help: .setting("signing-key-file"), completion: .file()) var signingKeyFile: String?
    @Option(help: .setting("max-link-lifetime")) var maxLinkLifetime: String?
    @Option(help: .setting("allow-origin")) var allowOrigin: [String] = []
    @Flag(inversion: .prefixedNo, help: .setting("open-metrics")) var openMetrics: Bool?
}

struct TLSArguments: SettingArguments {
    @Option(help: .setting("tls-certificate-file"), completion: .file()) var tlsCertificateFile: String?
    @Option(help: .setting("tls-key-file"), completion: .file()) var tlsKeyFile: String?
    @Option(help: .setting("tls-min-version"), completion: .list(["1.2", "1.3"])) var tlsMinVersion: String?
    @Option(help: .setting("tls-client-ca-file"), completion: .file()) var tlsClientCaFile: String?
    @Option(help: .setting("tls-client-certificates"), completion: .list(["optional", "required"]))
    var tlsClientCertificates: String?
}

struct DefaultModelArguments: SettingArguments {
    @Option(help: .setting("default-model")) var defaultModel: String?
}

struct ComputingArguments: SettingArguments {
    @Option(help: .setting("max-cost")) var maxCost: String?
    @Option(help: .setting("handlers")) var handlers: String?
    @Option(help: .setting("queue")) var queue: String?
    @Option(help: .setting("queue-timeout")) var queueTimeout: String?
}

struct ImageSettingArguments: SettingArguments {
    @Option(help: .setting("data"), completion: .directory) var data: String?
    @Option(help: .setting("image-store-bytes")) var imageStoreBytes: String?
    @Option(help: .setting("image-store-age")) var imageStoreAge: String?
    @Option(help: .setting("max-image-bytes")) var maxImageBytes: String?
    @Option(help: .setting("max-image-pixels")) var maxImagePixels: String?
}

struct DatasetSettingArguments: SettingArguments {
    @Option(help: .setting("datasets"), completion: .directory) var datasets: [String] = []
    @Option(help: .setting("max-dataset-images")) var maxDatasetImages: String?
    @Option(help: .setting("max-dataset-bytes")) var maxDatasetBytes: String?
    @Option(help: .setting("dataset-store-bytes")) var datasetStoreBytes: String?
}

struct LoggingArguments: SettingArguments {
    @Option(help: .setting("log-level")) var logLevel: String?
    @Option(help: .setting("log-format"), completion: .list(["auto", "text", "json"])) var logFormat: String?
    @Flag(inversion: .prefixedNo, help: .setting("access-log")) var accessLog: Bool?
}
