import Concurrency
import HTTPServer
import Logging
import Switchback

extension Setting {
    static let listening = SettingGroup(
        title: "Listening",
        settings: [
            Setting(
                "listen", .addresses, \.server.addresses, "Where to listen; may be repeated."),
            Setting(
                "unix-socket-mode", .permissions, \.server.unixSocketMode,
                "The permissions of the file of a unix: socket, in octal."),
            Setting(
                "trusted-proxies", SettingType.proxies.list, \.proxies,
                "Proxies that are believed whom they forward for; may be repeated."),
            Setting(
                "insecure", .switch, \.allowsInsecure,
                "Allow an address that other machines can reach, although nobody is asked for a token."),
        ])

    static let models = SettingGroup(
        title: "Models",
        settings: [
            Setting(
                "models", SettingType.text("dir", allowed: "folders").list, \.models,
                "Folder of model folders (model.onnx with model.json); may be repeated, the first goes first.",
                default: "'Models' beside the program or above it"),
            Setting(
                "default-model", SettingType.text("name", allowed: "the name of a model").optional, \.defaultModel,
                "The model that is explained unless a request names one.",
                default: "squeezenet1.1, else the first by name"),
            Setting(
                "threads", .count(1...1024), \.threads, "Compute threads.", default: "the cores allowed"),
            Setting(
                "instruction-set", SettingType.word("name", of: ["avx512", "avx2", "neon", "scalar"]).optional,
                \.instructionSet, "Kernels to use; all give the same bits.", default: "the fastest there is"),
        ])

    static let computing = SettingGroup(
        title: "Computing",
        settings: [
            Setting(
                "max-cost", .number(1...1e18), \.engine.maximumMultiplyAdds,
                "The costliest answer in multiply-adds; 4e12 are about 40 s on two cores."),
            Setting(
                "handlers", .count(1...1024), \.server.handlerCount, "Requests being answered at once.",
                default: "twice the cores allowed, at least 4"),
            Setting(
                "queue", .count(0...100_000), \.server.queueLength,
                "Requests that wait for their turn; one more gets a 503."),
            Setting(
                "queue-timeout", .time(.milliseconds(1)...(.seconds(86_400))), \.server.queueTimeout,
                "How long a request waits for its turn; then 503."),
        ])

    static let logging = SettingGroup(
        title: "Logs",
        settings: [
            Setting("log-level", .level, \.logLevel, "What is logged: this level and those above it."),
            Setting(
                "log-format", .logFormat, \.logFormat, "The form of log lines; auto is text on a terminal, else JSON."),
            Setting("access-log", .switch, \.server.accessLog, "Log a line for each request, at level info."),
        ])
}

extension SettingType where Value == Logger.Level {
    /// A level of logs.
    static var level: SettingType {
        SettingType(
            "level", allowed: Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
            read: { Logger.Level(rawValue: $0) }, write: { $0.rawValue })
    }
}

extension SettingType where Value == LogFormat {
    /// A form of log lines.
    static var logFormat: SettingType {
        SettingType(
            "format", allowed: LogFormat.allCases.map(\.rawValue).joined(separator: ", "),
            read: { LogFormat(rawValue: $0) }, write: { $0.rawValue })
    }
}
