internal import Switchback

/// A stored image as `POST /images` writes it.
struct ImageDocument {
    private let image: StoredImage

    init(_ image: StoredImage) { self.image = image }

    var json: JSON {
        let links = [JSON.Member("self", .string(Address.image(image.sha256)))]
        let explanations = ExplanationKind.aboutImages.map {
            JSON.Member($0.rawValue, .string(Address.explanation($0, of: image.sha256)))
        }
        return .members([
            "sha256": .string(image.sha256), "width": .integer(image.width), "height": .integer(image.height),
            "bytes": .integer(image.byteCount), "content_type": .string(ImageRoute.mediaType(of: image.format)),
            "links": .object(links + explanations),
        ])
    }
}
