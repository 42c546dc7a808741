internal import Switchback

/// What a client sent to one of the five explanations: the image and the options, from wherever they came.
struct Submission: Equatable {
    let image: ImageInput
    let options: [GivenOption]
}

/// Why a body holds no image, or cannot be read.
enum SubmissionError: Error, Equatable, CustomStringConvertible {
    /// The body's type is none of those taken; nil when none is stated.
    case unsupportedType(String?)
    /// There is no image in a body that could hold one.
    case noImage(reason: String)
    /// The body is not what its type says.
    case malformed(reason: String)

    /// The body types taken, for messages and the `Accept-Post` field.
    static let acceptedTypes = [
        "image/*", "application/octet-stream", "multipart/form-data", "application/json", "application/x-npy",
    ]

    var description: String {
        switch self {
        case .unsupportedType(let type):
            let found = type.map { "the body's Content-Type is '\($0)'" } ?? "the request has no Content-Type"
            return """
                \(found); taken are \(Self.acceptedTypes.joined(separator: ", ")). With curl: -F image=@photo.jpg, or \
                -H 'Content-Type: image/jpeg' --data-binary @photo.jpg
                """
        case .noImage(let reason), .malformed(let reason): return reason
        }
    }
}
