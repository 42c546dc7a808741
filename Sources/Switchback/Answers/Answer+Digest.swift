internal import Blobs
internal import Models

extension Answer {
    /// A digest of all that the model is made of: `model.onnx`, its external weights, `model.json` and the labels.
    ///
    /// Two models with one network have one `model.sha256`, but their answers differ with their labels and preprocessing.
    public var modelContentDigest: String { material.model.contentDigest.hex }

    /// A digest of `parts`, 64 hexadecimal digits; parts cannot run into each other.
    public func digest(of parts: [String]) -> String {
        Digest.sha256(of: parts.flatMap { [UInt8]("\($0.utf8.count):\($0)".utf8) }).hex
    }
}
