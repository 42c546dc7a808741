extension Image {
    /// The image at the given size, antialiased bilinear: the levels of Pillow's `resize((width, height), BILINEAR)`.
    ///
    /// Traps unless both sides are positive.
    public func resized(height newHeight: Int, width newWidth: Int) -> Image {
        let resized = Resampling.resize(
            pixels, channels: 3, width: width, height: height, newWidth: newWidth, newHeight: newHeight)
        return Image(width: newWidth, height: newHeight, pixels: resized)
    }

    /// The image with its shorter side of the given length, its longer one in proportion and rounded down
    /// (torchvision's `Resize(int)`).
    public func resized(shorterSide: Int) -> Image {
        let size = scaledSize(width: width, height: height, shorterSide: shorterSide)
        return resized(height: size.height, width: size.width)
    }

    /// The pixels inside `rectangle`, which must lie inside the image and not be empty.
    public func cropped(_ rectangle: PixelRectangle) -> Image {
        let rows = cropRows(pixels, channels: 3, width: width, height: height, rectangle)
        return Image(width: rectangle.width, height: rectangle.height, pixels: rows)
    }

    /// The middle of the image.
    ///
    /// A margin that is odd is halved to the even number (torchvision's `CenterCrop`). Traps where the image is smaller
    /// than the crop.
    public func cropped(centerHeight: Int, centerWidth: Int) -> Image {
        cropped(centerRectangle(width: width, height: height, centerHeight: centerHeight, centerWidth: centerWidth))
    }
}

extension GrayImage {
    /// The image at the given size, antialiased bilinear: the levels of Pillow's `resize((width, height), BILINEAR)`.
    ///
    /// Traps unless both sides are positive.
    public func resized(height newHeight: Int, width newWidth: Int) -> GrayImage {
        let resized = Resampling.resize(
            pixels, channels: 1, width: width, height: height, newWidth: newWidth, newHeight: newHeight)
        return GrayImage(width: newWidth, height: newHeight, pixels: resized)
    }

    /// The image with its shorter side of the given length, its longer one in proportion and rounded down
    /// (torchvision's `Resize(int)`).
    public func resized(shorterSide: Int) -> GrayImage {
        let size = scaledSize(width: width, height: height, shorterSide: shorterSide)
        return resized(height: size.height, width: size.width)
    }

    /// The pixels inside `rectangle`, which must lie inside the image and not be empty.
    public func cropped(_ rectangle: PixelRectangle) -> GrayImage {
        let rows = cropRows(pixels, channels: 1, width: width, height: height, rectangle)
        return GrayImage(width: rectangle.width, height: rectangle.height, pixels: rows)
    }

    /// The middle of the image.
    ///
    /// A margin that is odd is halved to the even number (torchvision's `CenterCrop`). Traps where the image is smaller
    /// than the crop.
    public func cropped(centerHeight: Int, centerWidth: Int) -> GrayImage {
        cropped(centerRectangle(width: width, height: height, centerHeight: centerHeight, centerWidth: centerWidth))
    }
}

private func scaledSize(width: Int, height: Int, shorterSide: Int) -> (width: Int, height: Int) {
    width <= height
        ? (shorterSide, shorterSide * height / width)
        : (shorterSide * width / height, shorterSide)
}

private func centerRectangle(width: Int, height: Int, centerHeight: Int, centerWidth: Int) -> PixelRectangle {
    precondition(
        centerHeight <= height && centerWidth <= width,
        "crop of \(centerWidth)×\(centerHeight) from \(width)×\(height)")
    let top = halfToEven(height - centerHeight)
    let left = halfToEven(width - centerWidth)
    return PixelRectangle(y0: top, x0: left, y1: top + centerHeight, x1: left + centerWidth)
}

/// `number` / 2, a half rounded to the even neighbour.
private func halfToEven(_ number: Int) -> Int {
    let half = number / 2
    return number % 2 == 0 || half % 2 == 0 ? half : half + 1
}

private func cropRows(
    _ pixels: [UInt8], channels: Int, width: Int, height: Int, _ rectangle: PixelRectangle
) -> [UInt8] {
    precondition(
        rectangle.y0 >= 0 && rectangle.x0 >= 0 && rectangle.y1 <= height && rectangle.x1 <= width
            && rectangle.height > 0 && rectangle.width > 0,
        "crop to \(rectangle) of \(width)×\(height) pixels")
    var rows: [UInt8] = []
    rows.reserveCapacity(rectangle.height * rectangle.width * channels)
    for row in rectangle.y0..<rectangle.y1 {
        rows += pixels[((row * width + rectangle.x0) * channels)..<((row * width + rectangle.x1) * channels)]
    }
    return rows
}
