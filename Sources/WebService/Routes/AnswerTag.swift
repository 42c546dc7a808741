internal import HTTP
internal import Switchback

/// The strong entity tag of an answer: a digest of all that its bytes follow from, known before anything is computed.
struct AnswerTag {
    let entityTag: EntityTag

    /// The tag of the answer to `request` about the image with that digest.
    ///
    /// - Parameters:
    ///   - isStored: whether the image is kept, which the links in a JSON answer tell.
    ///   - isArrayByType: whether the image is taken as an array though its bytes begin like none: as a picture the same
    ///     bytes have another answer.
    init(
        _ request: ResolvedRequest, imageDigest: String, isStored: Bool, isArrayByType: Bool, coding: ContentCoding
    ) {
        var parts = [
            Version.current, request.kind.rawValue, request.modelContentDigest, imageDigest, coding.rawValue,
        ]
        if isArrayByType { parts.append("array") }
        if request.output.format == .json { parts.append(isStored ? "stored" : "sent") }
        parts += request.options.flatMap { [$0.name, $0.value] }
        entityTag = EntityTag(ResolvedRequest.digest(of: parts))
    }
}
