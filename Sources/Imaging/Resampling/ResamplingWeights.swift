/// Which stored pixels make each new one along one axis, and how much of each: a triangle filter whose support grows
/// with the reduction, so that shrinking averages and growing interpolates (Pillow's `BILINEAR`).
///
/// Weights are fixed-point numbers with 22 fractional bits, rounded to nearest as Pillow rounds them.
struct ResamplingWeights {
    /// Fractional bits of a weight: 8 for the pixel and 2 for safety leave 22 of 32.
    static let fractionBits: Int32 = 32 - 8 - 2

    /// Room for one new pixel's weights.
    let stride: Int
    /// The first pixel each new one is made of, and how many.
    let spans: [(first: Int, count: Int)]
    /// `stride` weights a new pixel, of which its span's count are used.
    let weights: [Int32]

    /// Weights that turn `size` pixels into `newSize`.
    ///
    /// Each span lies inside 0 ..< size and holds at least one pixel.
    init(from size: Int, to newSize: Int) {
        precondition(size >= 1 && newSize >= 1, "resampling of \(size) pixels to \(newSize)")
        let scale = Double(size) / Double(newSize)
        let spread = max(scale, 1)
        stride = Int(spread.rounded(.up)) * 2 + 1
        var spans: [(first: Int, count: Int)] = []
        var weights = [Int32](repeating: 0, count: newSize * stride)
        for index in 0..<newSize {
            let center = (Double(index) + 0.5) * scale
            let first = max(0, Int(center - spread + 0.5))
            let count = min(size, Int(center + spread + 0.5)) - first
            let slope = 1 / spread
            let shares = (0..<count).map { max(0, 1 - abs((Double($0 + first) - center + 0.5) * slope)) }
            let total = shares.reduce(0, +)
            for (place, share) in shares.enumerated() {
                let fraction = total == 0 ? share : share / total
                weights[index * stride + place] = Int32(0.5 + fraction * Double(1 << Self.fractionBits))
            }
            spans.append((first, count))
        }
        self.spans = spans
        self.weights = weights
    }
}
