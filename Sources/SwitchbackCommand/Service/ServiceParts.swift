import HTTPServer
import Logging
import PostgresStore
import Switchback
import WebService

/// What the service is made of: everything that a wrong configuration can spoil is made here, before a port is opened.
struct ServiceParts {
    let settings: ServiceSettings
    let engine: ExplanationEngine
    let access: AccessControl
    let images: ImageStore
    let datasets: DatasetCatalog
    /// Jobs; nil where there is no place to keep them in.
    let jobs: JobParts?
    /// The default model, loaded.
    let model: ModelAnswer

    init(_ given: ServiceSettings) throws {
        var settings = given
        settings.server.tls = try settings.tls.configuration()
        self.settings = settings
        access = try Self.access(settings.access)
        try settings.check(settings.server.addresses.filter { $0.place != .systemd })
        images = try Self.images(settings)
        engine = try settings.makeEngine()
        model = try engine.model(named: nil)
        datasets = try settings.makeCatalog()
        jobs = try JobParts(settings, engine: engine, datasets: datasets)
    }

    private static func access(_ configuration: AccessConfiguration) throws -> AccessControl {
        do {
            return try AccessControl(configuration)
        } catch {
            throw Failure("\(error)")
        }
    }

    private static func images(_ settings: ServiceSettings) throws -> ImageStore {
        if let address = settings.database {
            return try ImageStore(limits: settings.imageStore, images: settings.engine) { limits in
                try PostgresBlobStore(address: address, collection: "images", limits: limits)
            }
        }
        guard let folder = settings.dataFolder else {
            return ImageStore(limits: settings.imageStore, images: settings.engine)
        }
        return try ImageStore(directory: folder + "/images", limits: settings.imageStore, images: settings.engine)
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
        for address in addresses where !address.isLoopback && !allowsInsecure && access.tokenFile == nil {
            throw .notAllowed(
                """
                \(address) can be reached from other machines, and nobody would be asked for a token: listen on \
                127.0.0.1, [::1] or a unix: socket, name a --token-file, or say --insecure
                """)
        }
    }
}
