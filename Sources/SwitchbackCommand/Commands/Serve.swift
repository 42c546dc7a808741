import ArgumentParser
import Concurrency
import Foundation
import HTTPServer
import Logging
import Switchback
import WebService

/// `switchback serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers over HTTP.",
        discussion: """
            Every flag is also an environment variable: --listen is SWITCHBACK_LISTEN, --max-image-bytes is \
            SWITCHBACK_MAX_IMAGE_BYTES; a flag goes before its variable. SIGTERM and SIGINT end the service after the \
            requests that run have been answered.

            EXAMPLES
              switchback serve
              switchback serve --listen 127.0.0.1:9000 --threads 2
              curl -sF image=@cat.jpg 'localhost:8080/deconv?layer=fire9&format=png' -o projection.png
            """)

    @Option(help: ArgumentHelp("Address and port; 127.0.0.1:8080 unless told. May be repeated.", valueName: "address"))
    var listen: [String] = []
    @Flag(help: "Allow an address that other machines can reach, although nobody is asked for a token.")
    var insecure = false
    @Option(help: ArgumentHelp("The model that is explained unless told.", valueName: "name")) var defaultModel: String?
    @OptionGroup(title: "Limits") var limits: LimitArguments
    @OptionGroup(title: "Model") var model: ModelArguments

    func run() throws {
        let environment = Environment.current
        let addresses = try self.addresses(environment)
        let engine = try model.engine(
            limits: try limits.engineLimits(environment),
            defaultModel: defaultModel ?? environment.text("SWITCHBACK_DEFAULT_MODEL"))
        let logger = Logger(label: "switchback")
        // The default model is loaded before the port is opened, so that a broken one is an error here and not later.
        let model = try engine.model(named: nil)
        var configuration = ServerConfiguration()
        configuration.addresses = addresses
        try limits.apply(to: &configuration, environment)
        let service = WebService(engine: engine, logger: logger)
        let server = Server(configuration: configuration, logger: logger, handler: service)
        let bound: [ListenAddress]
        do {
            bound = try server.start()
        } catch {
            throw Failure("\(error)")
        }
        for address in bound {
            logger.notice(
                "listening on http://\(address)",
                metadata: ["model": "\(model.identity.name)", "kernels": "\(engine.instructionSet)"])
        }
        let watcher = SignalWatcher([SIGTERM, SIGINT]) { _ in server.drain() }
        server.waitUntilStopped()
        watcher.cancel()
        if let failure = server.failure { throw Failure("the service stopped by itself: \(failure)") }
        logger.notice("stopped")
    }

    private func addresses(_ environment: Environment) throws -> [ListenAddress] {
        let configured = environment.text("SWITCHBACK_LISTEN")?.split(separator: ",").map(String.init)
        let given = listen.isEmpty ? configured ?? ["127.0.0.1:8080"] : listen
        let allowed = insecure || environment.text("SWITCHBACK_INSECURE") == "true"
        return try given.map { text in
            let address: ListenAddress
            do {
                address = try ListenAddress(text)
            } catch {
                throw ValidationError("\(error)")
            }
            guard address.isLoopback || allowed else {
                throw ValidationError(
                    """
                    \(address) can be reached from other machines, and nobody would be asked for a token: listen on \
                    127.0.0.1 or [::1], or say --insecure
                    """)
            }
            return address
        }
    }
}
