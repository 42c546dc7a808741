import HTTP
import HTTPServer
import Switchback

/// How much memory the service may hold at most under its limits, part by part.
///
/// `Documentation/Configuration.md` states the same sum. The server's part is that of `Documentation/Limits.md`. It is a bound and no forecast: an ordinary load stays far below.
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
    /// What the server keeps for a connection besides heads: itself, small answers.
    static let connectionBytes = 8 << 10

    init(_ settings: ServiceSettings) {
        let server = settings.server
        func product(_ left: Int, _ right: Int) -> Int {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? .max : product
        }
        let limits = server.limits
        let head =
            limits.maximumRequestLineBytes + limits.maximumHeaderBytes + server.maximumPipelinedBytes
            + Self.connectionBytes
        let bodies = server.maximumHeldBodyBytes + limits.maximumBodyBytes
        parts = [
            Part(name: "the program, a model and the kernels' buffers", bytes: Self.base),
            Part(name: "connections (max-connections × heads)", bytes: product(server.maximumConnections, head)),
            Part(name: "bodies (twice max-held-body-bytes + max-body-bytes)", bytes: product(2, bodies)),
            Part(name: "answers (max-held-output-bytes)", bytes: server.maximumHeldOutputBytes),
            Part(
                name: "posted images in memory (image-store-bytes, without data)",
                bytes: settings.dataFolder == nil ? settings.imageStore.maximumBytes : 0),
            Part(name: "answers kept (answer-cache-bytes)", bytes: settings.answerCacheBytes),
            Part(name: "images and passes kept (seen-image-bytes)", bytes: settings.engine.seenImageBytes),
            Part(
                name: "images being decoded (handlers × max-image-pixels × \(Self.bytesPerPixel))",
                bytes: product(server.handlerCount, product(settings.engine.maximumImagePixels, Self.bytesPerPixel))),
        ]
    }

    /// Lowers the settings that nobody gave until the bound fits into `limit`, as far as their least values allow.
    ///
    /// Returns the settings lowered, and why.
    static func fit(_ settings: inout ServiceSettings, into limit: Int, keeping given: Set<String>) -> [String: String]
    {
        let note = "lowered to fit into \(Quantity.rounded(bytes: limit)) of memory"
        var notes: [String: String] = [:]
        func lower(_ name: String, _ property: WritableKeyPath<ServiceSettings, Int>, least: Int) {
            while !given.contains(name), MemoryBound(settings).total > limit, settings[keyPath: property] / 2 >= least {
                settings[keyPath: property] /= 2
                settings.deriveBodyLimit(without: given)
                notes[name] = note
            }
        }
        lower("max-connections", \.server.maximumConnections, least: 1024)
        lower("max-held-output-bytes", \.server.maximumHeldOutputBytes, least: 64 << 20)
        lower("max-held-body-bytes", \.server.maximumHeldBodyBytes, least: 64 << 20)
        if settings.dataFolder == nil { lower("image-store-bytes", \.imageStore.maximumBytes, least: 16 << 20) }
        lower("answer-cache-bytes", \.answerCacheBytes, least: 16 << 20)
        lower("seen-image-bytes", \.engine.seenImageBytes, least: 16 << 20)
        lower("handlers", \.server.handlerCount, least: 2)
        lower("max-image-pixels", \.engine.maximumImagePixels, least: 12_000_000)
        lower("max-connections", \.server.maximumConnections, least: 128)
        lower("max-image-pixels", \.engine.maximumImagePixels, least: 3_000_000)
        lower("max-held-output-bytes", \.server.maximumHeldOutputBytes, least: 4 << 20)
        lower("max-held-body-bytes", \.server.maximumHeldBodyBytes, least: 4 << 20)
        lower("max-image-bytes", \.engine.maximumImageBytes, least: 4 << 20)
        return notes
    }

    /// Why the bound does not fit into `limit`, part by part; nil if it does.
    func complaint(limit: Int) -> String? {
        guard total > limit else { return nil }
        let sum = parts.map { "\(Quantity.rounded(bytes: $0.bytes)) for \($0.name)" }.joined(separator: ", ")
        return """
            the limits allow the service to hold \(Quantity.rounded(bytes: total)), and its control group allows \
            \(Quantity.rounded(bytes: limit)): \(sum)
            """
    }
}
