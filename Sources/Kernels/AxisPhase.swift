/// One residue class of a convolution's adjoint along one axis.
///
/// With stride s the inputs y that have the same (y + padding) mod s are reached by the same taps of the kernel, and
/// neighbours in the class, s apart, by neighbouring outputs. So the adjoint is s convolutions of stride 1, each with
/// every s-th tap or so, and none of them multiplies by the zeros that a transposed convolution is often given.
struct AxisPhase: Hashable, Sendable {
    /// The taps k with k · dilation ≡ y + padding (mod stride), from the last to the first.
    let taps: [Int]
    /// The least input of the class.
    let first: Int
    /// Outputs from one of these taps to the next.
    let tapStep: Int
    /// The output that the first of the taps reaches `first` from; negative before the beginning.
    let start: Int

    /// Inputs from one of the class to the next.
    let stride: Int

    /// The class of the inputs whose number, counted with the padding, has that residue.
    init(_ axis: WindowAxis, residue: Int) {
        stride = axis.stride
        let divisor = AxisPhase.greatestCommonDivisor(axis.stride, axis.dilation)
        taps = (0..<axis.kernel).reversed().filter { $0 * axis.dilation % axis.stride == residue }
        tapStep = axis.dilation / divisor
        let shift = (residue - axis.padBefore) % axis.stride
        first = shift < 0 ? shift + axis.stride : shift
        let lastTap = taps.first ?? 0
        start = (first + axis.padBefore - lastTap * axis.dilation) / axis.stride
    }

    /// The number of inputs of the class below `size`.
    func count(below size: Int) -> Int { first < size ? (size - 1 - first) / stride + 1 : 0 }

    /// The outputs that the taps of the class read for all its inputs below `size`.
    func reads(below size: Int) -> Range<Int> {
        let count = count(below: size)
        if taps.isEmpty || count == 0 { return 0..<0 }
        return start..<start + (taps.count - 1) * tapStep + count
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
