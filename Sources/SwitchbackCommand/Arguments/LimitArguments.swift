import ArgumentParser

/// How large a message may be.
struct MessageLimitArguments: SettingArguments {
    @Option(help: .setting("max-request-line-bytes")) var maxRequestLineBytes: String?
    @Option(help: .setting("max-header-bytes")) var maxHeaderBytes: String?
    @Option(help: .setting("max-header-count")) var maxHeaderCount: String?
    @Option(help: .setting("max-body-bytes")) var maxBodyBytes: String?
    @Option(help: .setting("max-chunk-line-bytes")) var maxChunkLineBytes: String?
    @Option(help: .setting("max-chunk-extension-bytes")) var maxChunkExtensionBytes: String?
    @Option(help: .setting("max-multipart-parts")) var maxMultipartParts: String?
    @Option(help: .setting("max-part-header-bytes")) var maxPartHeaderBytes: String?
    @Option(help: .setting("max-form-fields")) var maxFormFields: String?
    @Option(help: .setting("max-picture-pixels")) var maxPicturePixels: String?
    @Option(help: .setting("max-explanation-bytes")) var maxExplanationBytes: String?
}

/// What jobs may cost, and how long they are kept.
struct JobArguments: SettingArguments {
    @Option(help: .setting("store")) var store: String?
    @Option(help: .setting("max-job-cost")) var maxJobCost: String?
    @Option(help: .setting("max-jobs-per-client")) var maxJobsPerClient: String?
    @Option(help: .setting("max-event-streams")) var maxEventStreams: String?
    @Option(help: .setting("job-store-bytes")) var jobStoreBytes: String?
    @Option(help: .setting("job-age")) var jobAge: String?
}

/// How many connections, and what they may hold.
struct ConnectionLimitArguments: SettingArguments {
    @Option(help: .setting("max-connections")) var maxConnections: String?
    @Option(help: .setting("max-connections-per-peer")) var maxConnectionsPerPeer: String?
    @Option(help: .setting("max-requests-per-connection")) var maxRequestsPerConnection: String?
    @Option(help: .setting("max-pipelined-bytes")) var maxPipelinedBytes: String?
    @Option(help: .setting("max-held-body-bytes")) var maxHeldBodyBytes: String?
    @Option(help: .setting("max-held-output-bytes")) var maxHeldOutputBytes: String?
    @Option(help: .setting("answer-cache-bytes")) var answerCacheBytes: String?
    @Option(help: .setting("seen-image-bytes")) var seenImageBytes: String?
    @Option(help: .setting("backlog")) var backlog: String?
    @Option(help: .setting("max-accepts")) var maxAccepts: String?
    @Option(help: .setting("urgent-handlers")) var urgentHandlers: String?
    @Option(help: .setting("retry-after")) var retryAfter: String?
}

/// How long each state of a connection may last.
struct DeadlineArguments: SettingArguments {
    @Option(help: .setting("header-timeout")) var headerTimeout: String?
    @Option(help: .setting("body-timeout")) var bodyTimeout: String?
    @Option(help: .setting("request-timeout")) var requestTimeout: String?
    @Option(help: .setting("write-timeout")) var writeTimeout: String?
    @Option(help: .setting("keep-alive-timeout")) var keepAliveTimeout: String?
    @Option(help: .setting("linger-timeout")) var lingerTimeout: String?
    @Option(help: .setting("drain-delay")) var drainDelay: String?
    @Option(help: .setting("drain-timeout")) var drainTimeout: String?
}
