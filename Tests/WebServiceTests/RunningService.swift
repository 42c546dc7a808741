import Concurrency
import HTTPServer
import WebService

/// The service behind a socket on the loopback, for as long as `body` runs.
func withRunningService<Result>(
    _ service: TestService, _ body: (HTTPClient) throws -> Result
) throws -> Result {
    try withRunningServer(service) { try body($1) }
}

/// The same with the server, of so many handlers, at hand.
func withRunningServer<Result>(
    _ service: TestService, handlers: Int = 4, drainDelay: Timeout = .seconds(0),
    _ body: (Server, HTTPClient) throws -> Result
) throws -> Result {
    var configuration = ServerConfiguration()
    configuration.addresses = [try ListenAddress("127.0.0.1:0")]
    configuration.accessLog = false
    configuration.handlerCount = handlers
    // Computing takes many times as long under a sanitizer.
    configuration.handlerTimeout = .seconds(1800)
    configuration.drainDelay = drainDelay
    let server = Server(configuration: configuration, logger: TestService.silent, handler: service.service)
    service.service.follow(server)
    let bound = try server.start()
    defer {
        server.drain(within: .seconds(30))
        server.waitUntilStopped()
    }
    guard let address = bound.first else { throw TestFailure("the server listens nowhere") }
    return try body(server, HTTPClient(port: address.port))
}
