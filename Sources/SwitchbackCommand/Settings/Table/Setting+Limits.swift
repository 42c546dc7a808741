import Concurrency
import HTTP
import HTTPServer
import Switchback

extension Setting {
    static let messageLimits = SettingGroup(
        title: "Limits of a request", isAdvanced: true,
        settings: [
            Setting(
                "max-request-line-bytes", .bytes(64...(1 << 20)), \.server.limits.maximumRequestLineBytes,
                "The request line; over it 414."),
            Setting(
                "max-header-bytes", .bytes(256...(16 << 20)), \.server.limits.maximumHeaderBytes,
                "All header lines together; over it 431."),
            Setting(
                "max-header-count", .count(1...10_000), \.server.limits.maximumHeaderCount,
                "The number of header lines; over it 431."),
            Setting(
                "max-body-bytes", .bytes(0...(1 << 33)), \.server.limits.maximumBodyBytes,
                "A request's body; over it 413.", default: "1.5 × max-image-bytes + 64 KiB"),
            Setting(
                "max-chunk-line-bytes", .bytes(16...(64 << 10)), \.server.limits.maximumChunkLineBytes,
                "The line in front of a chunk, with its extensions; over it 400."),
            Setting(
                "max-chunk-extension-bytes", .bytes(0...(16 << 20)), \.server.limits.maximumChunkExtensionBytes,
                "All chunk extensions of a body together; over it 400."),
            Setting(
                "max-multipart-parts", .count(1...10_000), \.server.limits.maximumMultipartParts,
                "The parts of a form; over it 413."),
            Setting(
                "max-part-header-bytes", .bytes(64...(1 << 20)), \.server.limits.maximumPartHeaderBytes,
                "The header lines of a form's part; over it 431."),
            Setting(
                "max-form-fields", .count(1...100_000), \.server.limits.maximumFormFields,
                "The fields of a query or a form; over it 413."),
            Setting(
                "max-picture-pixels", .count(1...(1 << 32)), \.engine.maximumPicturePixels,
                "The largest picture of an explanation in pixels, checked before it is drawn; over it 422."),
            Setting(
                "max-explanation-bytes", .bytes((1 << 20)...(1 << 40)), \.engine.maximumExplanationBytes,
                "What one explanation may hold in memory, its answer included; over it 422."),
        ])

    static let connectionLimits = SettingGroup(
        title: "Limits of connections", isAdvanced: true,
        settings: [
            Setting(
                "max-connections", .count(1...1_000_000), \.server.maximumConnections,
                "Connections open at once; then those idle for longest make way."),
            Setting(
                "max-connections-per-peer", .count(1...1_000_000), \.server.maximumConnectionsPerPeer,
                "Connections of one client at once, or its requests through a trusted proxy; over it 429."),
            Setting(
                "max-requests-per-connection", .count(1...1_000_000_000), \.server.maximumRequestsPerConnection,
                "After so many requests a connection ends."),
            Setting(
                "max-pipelined-bytes", .bytes(1024...(1 << 20)), \.server.maximumPipelinedBytes,
                "Bytes held of the requests behind the one being answered."),
            Setting(
                "max-held-body-bytes", .bytes((1 << 20)...(1 << 40)), \.server.maximumHeldBodyBytes,
                "Request bodies held at once, all together; over it the slowest senders make way, else 503."),
            Setting(
                "max-held-output-bytes", .bytes((1 << 20)...(1 << 40)), \.server.maximumHeldOutputBytes,
                "Answers that clients have not taken, all together; over it the slowest readers make way, else 503."),
            Setting(
                "answer-cache-bytes", .bytes(0...(1 << 40)), \.answerCacheBytes,
                "How much finished answers may take, kept for the next who asks the same; 0 keeps none."),
            Setting(
                "seen-image-bytes", .bytes(0...(1 << 40)), \.engine.seenImageBytes,
                "How much images seen before, and the passes over them, may take; 0 keeps none."),
            Setting(
                "backlog", .count(1...65_535), \.server.backlog,
                "Connections the kernel completes before they are accepted."),
            Setting(
                "max-accepts", .count(1...4096), \.server.maximumAcceptsPerTurn,
                "Connections accepted before those open get their turn."),
            Setting(
                "urgent-handlers", .count(1...64), \.server.urgentHandlerCount,
                "Health checks answered at once, apart from all other requests."),
            Setting(
                "retry-after", .time(.seconds(1)...(.seconds(86_400))), \.server.retryAfter,
                "What Retry-After says with a 503."),
        ])

    static let deadlines = SettingGroup(
        title: "Deadlines", isAdvanced: true,
        settings: [
            Setting(
                "header-timeout", .time(shortest...longest), \.server.headerTimeout,
                "From accept, or the first byte of a request, to the end of its head; then 408."),
            Setting(
                "body-timeout", .time(shortest...longest), \.server.bodyTimeout,
                "For each 8 KiB of a body; then 408."),
            Setting(
                "request-timeout", .time(shortest...longest), \.server.handlerTimeout,
                "From the end of a request to its answer, waiting for its turn included; then 503."),
            Setting(
                "write-timeout", .time(shortest...longest), \.server.writeTimeout,
                "For each 8 KiB of an answer to be taken; then the connection is closed."),
            Setting(
                "keep-alive-timeout", .time(shortest...longest), \.server.keepAliveTimeout,
                "Between two requests; then the connection is closed."),
            Setting(
                "linger-timeout", .time(shortest...longest), \.server.lingerTimeout,
                "For a client to read the answer that ends its connection."),
            Setting(
                "drain-delay", .time(.seconds(0)...(.seconds(600))), \.server.drainDelay,
                "How long after SIGTERM it goes on, /readyz saying 503, before it stops listening."),
            Setting(
                "drain-timeout", .time(.seconds(0)...longest), \.server.drainTimeout,
                "For the requests that run when the service is to stop."),
        ])

    private static let shortest = Timeout.milliseconds(1)
    private static let longest = Timeout.seconds(86_400)
}
