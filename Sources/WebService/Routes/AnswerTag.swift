internal import HTTP
internal import Switchback

/// The strong entity tag of an answer: a digest of all that its bytes follow from, known before anything is computed.
struct AnswerTag {
    let entityTag: EntityTag

    /// The tag of the answer to `request` about the image with that digest.
    ///
    /// - Parameter isStored: whether the image is kept, which the links in a JSON answer tell.
    init(_ request: ResolvedRequest, imageDigest: String, isStored: Bool, coding: ContentCoding) {
        var parts = [
            Version.current, request.kind.rawValue, request.modelContentDigest, imageDigest, coding.rawValue,
        ]
        if request.output.format == .json { parts.append(isStored ? "stored" : "sent") }
        parts += request.options.flatMap { [$0.name, $0.value] }
        entityTag = EntityTag(ResolvedRequest.digest(of: parts))
    }
}
