import Kernels
package import Tensors

extension Projection {
    /// The magnitude that pictures show as black and white: of the values that are not zero, one in a thousand is larger
    /// at most (the nearest rank of the 99.9th percentile); 0 where all are zero, nil if one is not finite.
    ///
    /// The largest of all is often several times the rest, and would leave a deep projection almost grey.
    package static func scale(of values: Tensor) -> Float? {
        scale(of: values, in: MapRectangle(rows: 0..<values.shape[1], columns: 0..<values.shape[2]))
    }

    /// The same of values that are zero outside of a rectangle of each map.
    static func scale(of values: Tensor, in rectangle: MapRectangle) -> Float? {
        Magnitudes.exceeded(byOneIn: 1000, of: values, in: rectangle)
    }
}
