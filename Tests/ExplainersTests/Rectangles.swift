import Imaging
import Tensors

/// Whether [channels, height, width] values are zero at every pixel outside a rectangle.
func isZero(_ values: Tensor, outside rectangle: PixelRectangle) -> Bool {
    let (height, width) = (values.shape[1], values.shape[2])
    return values.values.enumerated().allSatisfy { index, value in
        let (y, x) = (index / width % height, index % width)
        let isInside = (rectangle.y0..<rectangle.y1).contains(y) && (rectangle.x0..<rectangle.x1).contains(x)
        return isInside || value == 0
    }
}
