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
}
