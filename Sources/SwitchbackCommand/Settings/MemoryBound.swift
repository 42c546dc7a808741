import HTTP
import HTTPServer
import Switchback

/// How much memory the service may hold at most under its limits, part by part.
///
/// `Documentation/Configuration.md` states the same sum, `Documentation/Limits.md` the reasons for the server's part. It is
/// a bound and no forecast: an ordinary load stays far below.
struct MemoryBound: Equatable {
    struct Part: Equatable {
        let name: String
        let bytes: Int
    }

    let parts: [Part]

    var total: Int { parts.reduce(0) { $0.addingReportingOverflow($1.bytes).overflow ? .max : $0 + $1.bytes } }

    /// The program itself with one embedded model loaded, its threads, and the buffers of the kernels.
    static let base = 192 << 20
    /// What decoding takes for a pixel: four bytes as the codec writes them, three once more when it is turned.
    static let bytesPerPixel = 7
    /// What drawing takes for a pixel: the picture, its filtered rows and the file, four bytes each at most.
    static let bytesPerPicturePixel = 12
    /// What a body takes while it is read, at most, in bodies: a document of JSON with the text of its image, twice as much
    /// while that grows, in the reader's hands and the decoder's.
    static let bodiesBeingRead = 6
    /// What a body takes for as long as its request is answered: itself, where its client has gone and it counts no more,
    /// and the image that stood in it.
    static let bodiesBeingAnswered = 2
    /// What OpenSSL may hold of a connection, for as long as its handshake lasts.
    static let tlsBytes = 180 << 10

    init(_ settings: ServiceSettings) {
        let server = settings.server
        func product(_ left: Int, _ right: Int) -> Int {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? .max : product
        }
        parts = [
            Part(name: "the program, a model and the kernels' buffers", bytes: Self.base),
            Part(
                name: "connections (max-connections × \(server.connectionBytes >> 10) KiB for heads)",
                bytes: product(server.maximumConnections, server.connectionBytes)),
            Part(
                name: "TLS (max-connections × \(Self.tlsBytes >> 10) KiB)",
                bytes: settings.tls.certificateFile == nil ? 0 : product(server.maximumConnections, Self.tlsBytes)),
            Part(name: "bodies (max-held-body-bytes + max-body-bytes)", bytes: server.bodyBytes),
            Part(name: "the storage of one body, kept for the next", bytes: server.spareBodyBytes),
            Part(name: "answers (max-held-output-bytes)", bytes: server.maximumHeldOutputBytes),
            Part(name: "answers on their way from the handlers", bytes: ServerConfiguration.answersOnTheWayBytes),
            Part(
                name: "posted images in memory (image-store-bytes, without data and store)",
                bytes: settings.isDurable ? 0 : settings.imageStore.maximumBytes),
            Part(name: "answers kept (answer-cache-bytes)", bytes: settings.answerCacheBytes),
            Part(name: "images and passes kept (seen-image-bytes)", bytes: settings.engine.seenImageBytes),
            Part(
                name: """
                    requests being answered (handlers × the larger of max-image-pixels × \(Self.bytesPerPixel) and \
                    max-explanation-bytes + max-picture-pixels × \(Self.bytesPerPicturePixel), and \
                    \(Self.bodiesBeingAnswered) × max-body-bytes)
                    """,
                bytes: product(
                    server.handlerCount,
                    Self.bytes(answering: server.limits.maximumBodyBytes, within: settings.engine))),
            Part(
                name: "a job being computed (max-explanation-bytes, with data or store)",
                bytes: settings.isDurable ? settings.engine.maximumExplanationBytes : 0),
            Part(
                name: "lists of uploaded data sets (with data or store)",
                bytes: settings.isDurable ? DatasetStore.listCacheBytes : 0),
        ]
    }

    /// What one handler holds: the body while it is read, then besides it the image while that is decoded, then the
    /// explanation with its answer, and the picture that is drawn of it.
    private static func bytes(answering body: Int, within limits: EngineLimits) -> Int {
        let (image, _) = limits.maximumImagePixels.multipliedReportingOverflow(by: bytesPerPixel)
        let (picture, _) = limits.maximumPicturePixels.multipliedReportingOverflow(by: bytesPerPicturePixel)
        let (explanation, isTooMuch) = limits.maximumExplanationBytes.addingReportingOverflow(picture)
        let (reading, _) = body.multipliedReportingOverflow(by: bodiesBeingRead - bodiesBeingAnswered)
        let (bodies, _) = body.multipliedReportingOverflow(by: bodiesBeingAnswered)
        let work = max(image, reading, isTooMuch ? .max : explanation)
        let (sum, overflow) = work.addingReportingOverflow(bodies)
        return overflow ? .max : sum
    }

    /// A setting that may be lowered, and to what at least.
    private typealias Step = (name: String, property: any WritableKeyPath<ServiceSettings, Int> & Sendable, least: Int)

    /// Lowered first: an ordinary load notices nothing.
    private static let firstSteps: [Step] = [
        ("max-connections", \.server.maximumConnections, 1024),
        ("max-held-output-bytes", \.server.maximumHeldOutputBytes, 64 << 20),
        ("max-held-body-bytes", \.server.maximumHeldBodyBytes, 64 << 20),
        ("image-store-bytes", \.imageStore.maximumBytes, 16 << 20),
        ("answer-cache-bytes", \.answerCacheBytes, 16 << 20),
        ("seen-image-bytes", \.engine.seenImageBytes, 16 << 20),
        ("handlers", \.server.handlerCount, 2),
        ("max-picture-pixels", \.engine.maximumPicturePixels, 12_000_000),
        ("max-image-pixels", \.engine.maximumImagePixels, 12_000_000),
        ("max-explanation-bytes", \.engine.maximumExplanationBytes, 128 << 20),
    ]

    /// Lowered if that does not do.
    private static let lastSteps: [Step] = [
        ("max-connections", \.server.maximumConnections, 128),
        ("max-picture-pixels", \.engine.maximumPicturePixels, 1_500_000),
        ("max-image-pixels", \.engine.maximumImagePixels, 3_000_000),
        ("max-explanation-bytes", \.engine.maximumExplanationBytes, 64 << 20),
        ("max-held-output-bytes", \.server.maximumHeldOutputBytes, 4 << 20),
        ("max-held-body-bytes", \.server.maximumHeldBodyBytes, 4 << 20),
        ("max-image-bytes", \.engine.maximumImageBytes, 4 << 20),
        ("max-connections", \.server.maximumConnections, 64),
    ]

    /// Lowers the settings that nobody gave until the bound fits into `limit`, as far as their least values allow.
    ///
    /// Returns the settings lowered, and why.
    static func fit(_ settings: inout ServiceSettings, into limit: Int, keeping given: Set<String>) -> [String: String]
    {
        let note = "lowered to fit into \(Quantity.rounded(bytes: limit)) of memory"
        var notes: [String: String] = [:]
        for steps in [firstSteps, lastSteps] {
            // Some count only while they are the largest of their kind, so each has its turn again.
            var isLowered = true
            while isLowered {
                isLowered = false
                for step in steps where !given.contains(step.name) {
                    while let lower = lowered(settings, step, limit, keeping: given) {
                        (settings, isLowered) = (lower, true)
                        notes[step.name] = note
                    }
                }
            }
        }
        return notes
    }

    /// The settings with one of them halved; nil where that may not be, is not needed, or would save nothing.
    private static func lowered(
        _ settings: ServiceSettings, _ step: Step, _ limit: Int, keeping given: Set<String>
    ) -> ServiceSettings? {
        let total = MemoryBound(settings).total
        guard total > limit, settings[keyPath: step.property] / 2 >= step.least else { return nil }
        var lower = settings
        lower[keyPath: step.property] /= 2
        lower.deriveBodyLimit(without: given)
        return MemoryBound(lower).total < total ? lower : nil
    }

    /// Why the bound does not fit into `limit`, part by part; nil if it does.
    func complaint(limit: Int) -> String? {
        guard total > limit else { return nil }
        let sum = parts.filter { $0.bytes > 0 }.map { "\(Quantity.rounded(bytes: $0.bytes)) for \($0.name)" }
            .joined(separator: ", ")
        return """
            the limits allow the service to hold \(Quantity.rounded(bytes: total)), and its control group allows \
            \(Quantity.rounded(bytes: limit)): \(sum)
            """
    }
}
