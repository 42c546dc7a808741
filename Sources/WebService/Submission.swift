internal import Switchback

/// What a client sent to one of the five explanations: the image and the options, from wherever they came.
struct Submission: Equatable {
    /// Nil where the options name a data set in its place.
    let image: SubmittedImage?
    let options: [GivenOption]
}

/// The image of a request: its bytes, or the digest of bytes that were posted before.
enum SubmittedImage: Equatable {
    case sent(ImageInput)
    case stored(sha256: String)
}

/// Why a request holds no image, or cannot be read.
enum SubmissionError: Error, Equatable, CustomStringConvertible {
    /// The body's type is none of those taken; nil when none is stated.
    case unsupportedType(String?)
    /// There is no image in a body that could hold one.
    case noImage(reason: String)
    /// The body is not what its type says.
    case malformed(reason: String)
    /// `image` is no digest.
    case badDigest(String)
    /// There is an image where a data set is asked about.
    case imageAndDataset
    /// `name` is no option of `POST /images`, which has none.
    case needlessOption(name: String)

    /// The body types taken, for messages and the `Accept-Post` field.
    static let acceptedTypes = [
        "image/*", "application/octet-stream", "multipart/form-data", "application/json", "application/x-npy",
    ]

    /// The option at fault.
    var option: String? {
        switch self {
        case .unsupportedType, .noImage, .malformed: nil
        case .imageAndDataset: "dataset"
        case .badDigest: "image"
        case .needlessOption(let name): name
        }
    }

    var description: String {
        switch self {
        case .unsupportedType(let type):
            let found = type.map { "the body's Content-Type is '\($0)'" } ?? "the request has no Content-Type"
            return """
                \(found); taken are \(Self.acceptedTypes.joined(separator: ", ")). With curl: -F image=@photo.jpg, or \
                -H 'Content-Type: image/jpeg' --data-binary @photo.jpg
                """
        case .noImage(let reason), .malformed(let reason): return reason
        case .badDigest(let text):
            return """
                option 'image' cannot be '\(text.prefix(80))'; allowed: the 64 hexadecimal digits in lower case that \
                POST /images answers
                """
        case .imageAndDataset: return "either an image is explained or a data set, and both are given"
        case .needlessOption(let name):
            return "no option '\(name.prefix(80))' for /images, which takes the image and nothing else"
        }
    }
}
