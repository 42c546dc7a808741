internal import Imaging
internal import Tensors

extension StoredImage {
    /// What there is to tell of an image, which is decoded for it.
    ///
    /// Throws `ImageError`, `NPYError` or `SwitchbackError.badImage` for what is no image, or over a limit.
    init(_ image: ImageInput, limits: EngineLimits) throws {
        switch image {
        case .encoded(let bytes):
            let format = try ImageDecoder.probe(bytes, limits: limits.image).format
            let decoded = try ImageDecoder.decode(bytes, limits: limits.image)
            self.init(
                sha256: image.sha256, width: decoded.width, height: decoded.height, byteCount: bytes.count,
                format: ImageFileFormat(format))
        case .npy(let bytes):
            let array = try NPY.decode(bytes)
            let dimensions = array.shape.dimensions
            guard dimensions.count == 3 || dimensions.count == 4 && dimensions[0] == 1 else {
                throw SwitchbackError.badImage(
                    .malformed, reason: "the NPY array has shape \(dimensions); [C, H, W] or [1, C, H, W] is taken")
            }
            guard array.values.allSatisfy(\.isFinite) else {
                throw SwitchbackError.badImage(.malformed, reason: "a value of the NPY array is not finite")
            }
            let (height, width) = (dimensions[dimensions.count - 2], dimensions[dimensions.count - 1])
            self.init(sha256: image.sha256, width: width, height: height, byteCount: bytes.count, format: .npy)
        }
    }
}

extension ImageFileFormat {
    init(_ format: ImageFormat) {
        switch format {
        case .jpeg: self = .jpeg
        case .png: self = .png
        case .webp: self = .webp
        }
    }
}
