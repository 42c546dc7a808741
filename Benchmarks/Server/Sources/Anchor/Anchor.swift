import Dispatch
import Glibc
import HTTP
import HTTPServer
import HTTPTypes
import Logging

/// A server without a service: what the HTTP layer costs by itself.
///
/// - `/empty`: an answer of a few bytes, given on the I/O thread; any other path does the same
/// - `/queued`: the same through the handler queues
/// - `/megabyte`: 1 MB, given on the I/O thread
/// - `/fresh`: 1 MB made anew for each request, through the handler queues: memory that nobody shares
/// - `/upload`: takes a body of up to 8 MB
struct Anchor: RequestHandler {
    private let small = Response(status: .ok, contentType: "text/plain", text: "ok\n")
    private let large = Response(
        status: .ok, fields: [.contentType: "application/octet-stream"],
        body: [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))

    func immediateResponse(to request: Request, context: RequestContext) -> Response? {
        switch request.target.raw {
        case "/queued", "/fresh": nil
        case "/megabyte": large
        default: small
        }
    }

    func respond(to request: Request, context: RequestContext) -> Response {
        guard request.target.raw == "/fresh" else { return small }
        return Response(status: .ok, body: [UInt8](repeating: UInt8(ascii: "y"), count: 1 << 20))
    }
}

@main
struct Program {
    static func main() throws {
        let argument = CommandLine.arguments.dropFirst().first ?? "18200"
        let address = argument.contains(":") ? argument : "127.0.0.1:\(argument)"
        Allocator.bound()
        DescriptorLimit.raise()
        signal(SIGPIPE, SIG_IGN)
        var configuration = ServerConfiguration()
        configuration.addresses = [try ListenAddress(address)]
        configuration.maximumConnections = 10_000
        // The load comes from one address.
        configuration.maximumConnectionsPerPeer = 10_000
        configuration.limits = Limits(maximumBodyBytes: 8 << 20)
        configuration.queueLength = 10_000
        configuration.accessLog = false
        var logger = Logger(label: "http-anchor")
        logger.logLevel = .warning
        let server = Server(configuration: configuration, logger: logger, handler: Anchor())
        for address in try server.start() { print("listening at \(address)") }
        let watcher = SignalWatcher([SIGTERM, SIGINT]) { _ in server.drain() }
        server.waitUntilStopped()
        withExtendedLifetime(watcher) {}
    }
}
