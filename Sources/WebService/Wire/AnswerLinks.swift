internal import Switchback

/// Where an answer about a stored image, and the image itself, can be had again.
struct AnswerLinks {
    private let answer: String
    private let image: String

    /// The links of the answer to `request` about the image with that digest: every option in force is spelled out, so
    /// that the address shows what its sender saw whatever the defaults become.
    init(_ request: ResolvedRequest, imageDigest: String) {
        answer = Address.explanation(request.kind, of: imageDigest, options: request.options)
        image = Address.image(imageDigest)
    }

    var json: JSON { .members(["self": .string(answer), "image": .string(image)]) }
}
