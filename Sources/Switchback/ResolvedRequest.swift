internal import Blobs
internal import Explainers
internal import Models
internal import Networks

/// A question about one image with everything spelled out that its model tells without computing: which model, the
/// layer by its canonical name, the class by its index, sides and steps in pixels.
///
/// Equal resolved requests about equal bytes have equal answers.
public struct ResolvedRequest: Sendable {
    /// Which explanation.
    public let kind: ExplanationKind
    /// The form of the answer.
    public let output: OutputOptions
    /// The model that is explained.
    public let modelIdentity: ModelIdentity
    /// A digest of all that the model is made of: `model.onnx`, its external weights, `model.json` and the labels.
    ///
    /// Two models with one network have one `sha256`, but their answers differ with their labels and preprocessing.
    public let modelContentDigest: String
    /// The options in force, in the order of the table of options: given again, they make the same request.
    ///
    /// What only the image decides (the class that is strongest, the fill of an array) is left out.
    public let options: [GivenOption]
    let model: Model
    let question: Question

    /// The name of the data set that is asked about; nil for a question about one image.
    public var dataset: String? { question.dataset }

    /// A digest of `parts`, 64 hexadecimal digits; parts cannot run into each other.
    public static func digest(of parts: [String]) -> String {
        Digest.sha256(of: parts.flatMap { [UInt8]("\($0.utf8.count):\($0)".utf8) }).hex
    }

    init(_ request: ExplanationRequest, model: Model) throws {
        kind = request.kind
        output = request.output
        modelIdentity = ModelIdentity(name: model.name, sha256: model.digest.hex)
        modelContentDigest = model.contentDigest.hex
        self.model = model
        question = try request.question.resolved(for: model)
        let values = ["model": model.name].merging(output.values(of: kind)) { $1 }.merging(question.values) { $1 }
        options = OptionDefinition.options(of: kind).compactMap { definition in
            values[definition.name].map { GivenOption(name: definition.name, value: $0) }
        }
    }
}

extension ExplanationEngine {
    /// `request` with everything spelled out that its model, loaded if it was not, tells without computing.
    ///
    /// - Throws: `SwitchbackError` for a model, layer or class that is not there.
    public func resolve(_ request: ExplanationRequest) throws -> ResolvedRequest {
        do {
            return try ResolvedRequest(request, model: try library.model(named: request.model))
        } catch {
            throw SwitchbackError.translating(error)
        }
    }
}

extension OutputOptions {
    /// The options of the form by their names, defaults included.
    fileprivate func values(of kind: ExplanationKind) -> [String: String] {
        var values = ["format": format.rawValue]
        switch format {
        case .json: values["arrays"] = arrays.rawValue
        case .npy: values["array"] = array
        case .png:
            values["view"] = view
            values["width"] = width.map(String.init)
            values["background"] = isTransparent ? "none" : "opaque"
        }
        return values
    }
}
