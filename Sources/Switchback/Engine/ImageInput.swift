internal import Blobs
internal import Imaging

/// What is explained: a picture as it was sent, or the network's input itself.
public enum ImageInput: Equatable, Sendable {
    /// The bytes of a JPEG, PNG or WebP file.
    case encoded([UInt8])
    /// The bytes of an NPY file: float32 [C, H, W] or [1, C, H, W], preprocessing skipped.
    case npy([UInt8])
}

extension ImageInput {
    /// `bytes` as NPY where they begin with NPY's signature, which no image file begins with; else as a picture.
    public init(recognizing bytes: [UInt8]) {
        self = bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) ? .npy(bytes) : .encoded(bytes)
    }

    /// The bytes, just as they were sent.
    public var bytes: [UInt8] {
        switch self {
        case .encoded(let bytes), .npy(let bytes): bytes
        }
    }

    /// The SHA-256 digest of the bytes in hexadecimal: computed anew each time.
    public var sha256: String { Digest.sha256(of: bytes).hex }

    /// What kind of file it is by its header; nil for a picture that cannot be read.
    public var format: ImageFileFormat? {
        switch self {
        case .npy: .npy
        case .encoded(let bytes):
            (try? ImageDecoder.probe(bytes, limits: ImageLimits(maximumBytes: .max, maximumPixels: .max)))
                .map { ImageFileFormat($0.format) }
        }
    }
}
