import HTTPServer
import Logging
import Switchback
import WebService

/// What the service is made of: everything that a wrong configuration can spoil is made here, before a port is opened.
struct ServiceParts {
    let settings: ServiceSettings
    let engine: ExplanationEngine
    /// The default model, loaded.
    let model: ModelAnswer

    init(_ given: ServiceSettings) throws {
        var settings = given
        settings.server.tls = try settings.tls.configuration()
        self.settings = settings
        try settings.check(settings.server.addresses.filter { $0.place != .systemd })
        engine = try settings.makeEngine()
        model = try engine.model(named: nil)
    }

    /// Why the service should be given more memory or lower limits; nil if its limits fit.
    var memoryWarning: String? {
        Machine.current.memoryLimit.flatMap { MemoryBound(settings).complaint(limit: $0) }
    }

    /// Throws if the service could not start, except for what only opening the port shows.
    func check() throws {
        if let memoryWarning { throw Failure(memoryWarning) }
    }
}

extension ServiceSettings {
    /// Throws if another machine could reach the service and nobody would be asked for a token.
    func check(_ addresses: [ListenAddress]) throws(SettingsError) {
        for address in addresses where !address.isLoopback && !allowsInsecure {
            throw .notAllowed(
                """
                \(address) can be reached from other machines, and nobody would be asked for a token: listen on \
                127.0.0.1, [::1] or a unix: socket, or say --insecure
                """)
        }
    }
}
