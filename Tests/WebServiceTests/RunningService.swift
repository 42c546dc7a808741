import Concurrency
import HTTPServer

/// The service behind a socket on the loopback, for as long as `body` runs.
func withRunningService<Result>(
    _ service: TestService, _ body: (HTTPClient) throws -> Result
) throws -> Result {
    var configuration = ServerConfiguration()
    configuration.addresses = [try ListenAddress("127.0.0.1:0")]
    configuration.accessLog = false
    let server = Server(configuration: configuration, logger: TestService.silent, handler: service.service)
    let bound = try server.start()
    defer {
        server.drain()
        server.waitUntilStopped()
    }
    guard let address = bound.first else { throw TestFailure("the server listens nowhere") }
    return try body(HTTPClient(port: address.port))
}
