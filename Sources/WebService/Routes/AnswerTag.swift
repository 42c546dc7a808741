internal import HTTP
internal import Switchback

/// The strong entity tag of an answer: a digest of all that its bytes follow from.
struct AnswerTag {
    let entityTag: EntityTag

    init(_ answer: Answer, _ output: OutputOptions) {
        var parts = [
            Version.current, answer.kind.rawValue, answer.model.name, answer.modelContentDigest, answer.image.sha256,
            output.format.rawValue,
        ]
        switch output.format {
        case .json: parts.append(output.arrays.rawValue)
        case .png:
            let background = output.isTransparent ? "none" : "opaque"
            parts += [output.view, output.width.map(String.init) ?? "", background]
        case .npy: parts.append(output.array)
        }
        parts += answer.semantics.map { "\($0.name)=\($0.value)" }
        entityTag = EntityTag(answer.digest(of: parts))
    }
}
