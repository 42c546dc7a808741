/// How the stored rows and columns must be turned to be seen upright: EXIF tag 0x0112 (CIPA DC-008, 4.6.4).
public enum Orientation: Int, CaseIterable, Sendable {
    /// As stored.
    case upright = 1
    /// Left and right are exchanged.
    case mirrored = 2
    /// Turned by half a turn.
    case rotated180 = 3
    /// Top and bottom are exchanged.
    case flipped = 4
    /// Rows and columns are exchanged.
    case transposed = 5
    /// To be turned by a quarter clockwise.
    case rotated90 = 6
    /// Rows and columns are exchanged along the other diagonal.
    case transversed = 7
    /// To be turned by a quarter counter-clockwise.
    case rotated270 = 8

    /// Whether width and height change places.
    public var swapsSides: Bool { rawValue >= 5 }

    /// Where the pixel (x, y) of the upright image is stored: `origin + x * right + y * down`, in pixels.
    func walk(width: Int, height: Int) -> (origin: Int, right: Int, down: Int) {
        let last = width * height - 1
        return switch self {
        case .upright: (0, 1, width)
        case .mirrored: (width - 1, -1, width)
        case .rotated180: (last, -1, -width)
        case .flipped: (last - width + 1, 1, -width)
        case .transposed: (0, width, 1)
        case .rotated90: (last - width + 1, -width, 1)
        case .transversed: (last, -width, -1)
        case .rotated270: (width - 1, width, -1)
        }
    }
}

extension Image {
    /// The image turned as `orientation` says: stored pixels in, upright pixels out.
    public func oriented(_ orientation: Orientation) -> Image {
        guard orientation != .upright else { return self }
        let (outWidth, outHeight) = orientation.swapsSides ? (height, width) : (width, height)
        let walk = orientation.walk(width: width, height: height)
        // Blocks, so that columns read across rows stay in the cache.
        let block = 32
        // SAFETY: both buffers belong to this call; `walk` maps every (x, y) of the new sides into
        // 0 ..< width * height, and the new sides hold as many pixels as the old.
        let turned = unsafe [UInt8](unsafeUninitializedCapacity: pixels.count) { out, count in
            unsafe pixels.withUnsafeBufferPointer { stored in
                for top in stride(from: 0, to: outHeight, by: block) {
                    for left in stride(from: 0, to: outWidth, by: block) {
                        for y in top..<min(top + block, outHeight) {
                            var target = (y * outWidth + left) * 3
                            var source = (walk.origin + left * walk.right + y * walk.down) * 3
                            for _ in left..<min(left + block, outWidth) {
                                unsafe out[target] = stored[source]
                                unsafe out[target + 1] = stored[source + 1]
                                unsafe out[target + 2] = stored[source + 2]
                                target += 3
                                source += walk.right * 3
                            }
                        }
                    }
                }
            }
            count = pixels.count
        }
        return Image(width: outWidth, height: outHeight, pixels: turned)
    }
}
