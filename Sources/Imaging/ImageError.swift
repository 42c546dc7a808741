/// Why bytes are no image that is read here.
public enum ImageError: Error, Equatable, Sendable {
    /// There is not one byte.
    case empty
    /// The bytes begin like nothing known; `signature` shows the first of them.
    case unrecognized(signature: String)
    /// A known format that is not read, by name.
    case unsupported(format: String)
    /// A moving picture.
    case animated(format: ImageFormat)
    /// The file is larger than is allowed.
    case tooManyBytes(found: Int, allowed: Int)
    /// The picture is larger than is allowed.
    case tooManyPixels(width: Int, height: Int, allowed: Int)
    /// The file ends before its picture does; `found` is its length in bytes.
    case truncated(format: ImageFormat, found: Int)
    /// The file contradicts its format.
    case corrupt(format: ImageFormat, reason: String)
}

extension ImageError: CustomStringConvertible {
    /// What was found and what is allowed, in words.
    public var description: String {
        switch self {
        case .empty:
            "the image is empty (0 bytes); \(Self.allowed)"
        case .unrecognized(let signature):
            "not an image: it begins with \(signature); \(Self.allowed)"
        case .unsupported(let format):
            "\(format) is not read; \(Self.allowed)"
        case .animated(let format):
            "this \(format) is animated; only still images are read"
        case .tooManyBytes(let found, let allowed):
            "the image has \(found) bytes; at most \(allowed) are allowed"
        case .tooManyPixels(let width, let height, let allowed):
            "the image has \(width)×\(height) pixels; at most \(allowed) pixels are allowed"
        case .truncated(let format, let found):
            "the \(format) is truncated: it ends after \(found) bytes, before its picture does"
        case .corrupt(let format, let reason):
            "the \(format) is broken: \(reason)"
        }
    }

    private static let allowed = "JPEG, PNG and WebP images are"
}
