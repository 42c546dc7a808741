internal import Foundation
internal import Jobs

/// A request as a job keeps it: canonical JSON with a version, so that equal requests are equal bytes and a later program
/// knows what it reads.
///
/// How the answer is written is no part of it: one result is answered in every form.
struct JobPayload: Codable, Equatable, Sendable {
    /// The version that this program writes, and the only one it reads.
    static let currentVersion = 1

    /// One option in force.
    struct Option: Codable, Equatable, Sendable {
        let name: String
        let value: String
    }

    let version: Int
    let kind: String
    let model: String
    /// All that the model is made of.
    let modelContent: String
    /// The digest of the image's bytes, or of the data set that the options name.
    let image: String
    /// Whether the bytes are the network's input itself.
    let isArray: Bool
    /// In the order of the table of options.
    let options: [Option]

    /// A request about an image with that digest.
    init(_ request: ResolvedRequest, image: ImageInput, sha256: String) {
        if case .npy = image {
            self.init(request, digest: sha256, isArray: true)
        } else {
            self.init(request, digest: sha256, isArray: false)
        }
    }

    /// A request about a data set.
    init(_ request: ResolvedRequest, over dataset: Dataset) {
        self.init(request, digest: dataset.digest, isArray: false)
    }

    private init(_ request: ResolvedRequest, digest: String, isArray: Bool) {
        version = Self.currentVersion
        kind = request.kind.rawValue
        model = request.modelIdentity.name
        modelContent = request.modelContentDigest
        image = digest
        self.isArray = isArray
        options = request.options.filter { !OutputOptions.names.contains($0.name) }
            .map { Option(name: $0.name, value: $0.value) }
    }

    /// Reads what ``bytes()`` wrote.
    ///
    /// Throws `brokenStore` for anything else.
    init(_ bytes: [UInt8]) throws {
        let payload: JobPayload
        do {
            payload = try JSONDecoder().decode(JobPayload.self, from: Data(bytes))
        } catch {
            throw SwitchbackError.brokenStore(reason: "a job's request cannot be read: \(error)")
        }
        guard payload.version == Self.currentVersion else {
            throw SwitchbackError.brokenStore(
                reason: "a job's request has version \(payload.version); this program knows \(Self.currentVersion)")
        }
        self = payload
    }

    /// The payload as bytes, the same for equal requests.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self))
    }

    /// The request, answered as `output` says.
    func request(
        output: [GivenOption] = [], acceptedFormat: OutputFormat? = nil
    ) throws -> ExplanationRequest {
        guard let kind = ExplanationKind(rawValue: kind) else {
            throw SwitchbackError.brokenStore(reason: "a job is of the kind '\(self.kind)', which is not known")
        }
        let given = options.map { GivenOption(name: $0.name, value: $0.value) }
        return try ExplanationRequest(kind, options: given + output, acceptedFormat: acceptedFormat)
    }

    /// The image that these bytes are.
    func input(_ bytes: [UInt8]) -> ImageInput { isArray ? .npy(bytes) : .encoded(bytes) }
}
