import ArgumentParser
import Concurrency
import HTTPServer
import Switchback
import WebService

/// The bounds of the service, each with a safe default.
struct LimitArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The largest image file; 33554432 (32 MiB) unless told.", valueName: "bytes"))
    var maxImageBytes: Int?
    @Option(help: ArgumentHelp("The largest image; 50000000 unless told.", valueName: "pixels"))
    var maxImagePixels: Int?
    @Option(
        help: ArgumentHelp(
            "The costliest answer, in multiply-adds; 4e12 unless told (about 40 s on two cores).", valueName: "count"))
    var maxCost: Double?
    @Option(help: ArgumentHelp("Connections at once; 4096 unless told.", valueName: "n")) var maxConnections: Int?
    @Option(help: ArgumentHelp("Requests being answered at once.", valueName: "n")) var handlers: Int?
    @Option(help: ArgumentHelp("Requests waiting for their turn; more get 503.", valueName: "n")) var queue: Int?
    @Option(help: ArgumentHelp("The longest time to answer one request.", valueName: "seconds"))
    var requestTimeout: Double?

    /// The engine's limits.
    func engineLimits(_ environment: Environment) throws -> EngineLimits {
        let standard = EngineLimits()
        return EngineLimits(
            maximumImageBytes: try environment.number(
                maxImageBytes, "max-image-bytes", in: 1...(1 << 32), standard.maximumImageBytes),
            maximumImagePixels: try environment.number(
                maxImagePixels, "max-image-pixels", in: 1...(1 << 32), standard.maximumImagePixels),
            maximumMultiplyAdds: try environment.number(maxCost, "max-cost", in: 1...1e18, standard.maximumMultiplyAdds)
        )
    }

    /// Sets the server's limits.
    func apply(to configuration: inout ServerConfiguration, _ environment: Environment) throws {
        configuration.limits = WebService.limits(for: try engineLimits(environment))
        configuration.maximumConnections = try environment.number(
            maxConnections, "max-connections", in: 1...1_000_000, configuration.maximumConnections)
        configuration.handlerCount = try environment.number(
            handlers, "handlers", in: 1...1024, configuration.handlerCount)
        configuration.queueLength = try environment.number(queue, "queue", in: 0...100_000, configuration.queueLength)
        configuration.handlerTimeout = .seconds(
            try environment.number(
                requestTimeout, "request-timeout", in: 0.001...86_400, configuration.handlerTimeout.seconds))
    }
}
