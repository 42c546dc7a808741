import Imaging

/// Photos and parts of them on a canvas.
extension Canvas {
    /// `image` at `width` pixels, its proportions kept: smooth where it shrinks, every pixel a square where it grows.
    init(_ image: Image, width: Int) {
        let height = Sketch.height(image.height, by: image.width, at: width)
        if width < image.width {
            self.init(image.resized(height: height, width: width))
        } else {
            self = Canvas(image).enlarged(width: width, height: height)
        }
    }

    /// `image` at `width` pixels, smooth either way: for photos, whose pixels are not what is shown.
    init(photo image: Image, width: Int) {
        let height = Sketch.height(image.height, by: image.width, at: width)
        self.init(image.resized(height: height, width: width))
    }

    /// The canvas in grey, lighter or as it is: the ground under an overlay.
    func grayed(toward light: Float) -> Canvas {
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                let luma = UInt8(self[y, x].luma)
                result[y, x] = Color(luma, luma, luma).mixed(with: .white, light)
            }
        }
        return result
    }
}
