import ArgumentParser
import Logging

/// `switchback serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers over HTTP.",
        usage: "switchback serve [--config <file>] [<flags>]",
        discussion: """
            Every flag is also an environment variable (SWITCHBACK_MAX_IMAGE_BYTES) and a key of the YAML file. A flag \
            goes before its variable, that before the file; 'switchback config' prints what is in force, and \
            --help-hidden the finer limits. SIGTERM and SIGINT end it after the running requests, a second one at once.

            EXAMPLES
              switchback serve
              switchback serve --listen 127.0.0.1:9000 --threads 2
              curl -sF image=@cat.jpg 'localhost:8080/deconv?layer=fire9&format=png' -o projection.png
            """)

    @OptionGroup var file: ConfigurationArguments
    @OptionGroup var service: ServiceArguments

    func run() throws {
        let settings = try service.settings(file).values
        let log = ServiceLog(settings)
        for warning in Environment.current.warnings { log.logger.warning("\(warning)") }
        try ServiceRun(ServiceParts(settings), logger: log.logger).run()
    }
}
