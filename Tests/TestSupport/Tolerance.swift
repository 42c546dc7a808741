/// How far a number may be from the one it is compared with; each has a name and a reason.
public enum Tolerance: Equatable, Sendable {
    /// The same bits (every NaN counts as the same).
    ///
    /// For everything that promises a fixed order of summation: a fast kernel and its scalar twin, one thread and
    /// several, a rectangle and the whole map.
    case exact

    /// At most so many floats apart, counted in units in the last place of either (0 and −0 are the same).
    ///
    /// For one operation computed another way, whose result may be rounded to a neighbour: a division against a
    /// multiplication by the reciprocal, a polynomial against the C library's function.
    case rounding(ulps: Int)

    /// At most 1e-5 of the largest magnitude in the reference array.
    ///
    /// For arrays of a network computed by other software, which sums in another order: every value is the sum of up
    /// to some thousand terms, each rounded to 2⁻²⁴ of the partial sum, layer after layer. What cancels to nearly
    /// nothing has the error of the large terms in it, so the largest value of the array is the measure.
    case reference

    /// At most this fraction of the largest magnitude in the reference array, for a `reason` that the test gives.
    ///
    /// For comparisons in which the reference itself is known no better.
    case relative(Float, reason: String)

    /// At most this far away, for a `reason` that the test gives.
    ///
    /// For quantities with a unit of their own: levels of a pixel, a probability read off a table.
    case absolute(Float, reason: String)

    /// The relative size of ``reference``.
    public static let referenceFraction: Float = 1e-5
}
