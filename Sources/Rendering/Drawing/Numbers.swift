/// Numbers in pictures: three significant digits, with a true minus sign.
package enum Numbers {
    /// `value` with three significant digits.
    package static func short(_ value: Float) -> String {
        guard value.isFinite else { return "\(value)" }
        guard value != 0 else { return "0" }
        let magnitude = Double(abs(value))
        let sign = value < 0 ? "−" : ""
        if magnitude >= 99_999.5 || magnitude < 0.001 { return sign + scientific(magnitude) }
        let decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
        return sign + fixed(magnitude, decimals)
    }

    /// `value` as a share of a hundred with one decimal.
    package static func percent(_ value: Float) -> String { fixed(Double(value) * 100, 1) + " %" }

    /// `value` with its sign and `decimals` decimals.
    package static func signed(_ value: Float, _ decimals: Int) -> String {
        (value < 0 ? "−" : "+") + fixed(Double(abs(value)), decimals)
    }

    /// So many pixels, in words.
    package static func pixels(_ count: Int) -> String { count == 1 ? "1 pixel" : "\(count) pixels" }

    private static func fixed(_ magnitude: Double, _ decimals: Int) -> String {
        guard magnitude.isFinite, magnitude < 1e12 else { return "\(magnitude)" }
        let unit = (0..<decimals).reduce(1) { product, _ in product * 10 }
        let whole = Int((magnitude * Double(unit)).rounded())
        guard decimals > 0 else { return String(whole) }
        let rest = String(whole % unit)
        return "\(whole / unit).\(String(repeating: "0", count: decimals - rest.count))\(rest)"
    }

    private static func scientific(_ magnitude: Double) -> String {
        var (mantissa, exponent) = (magnitude, 0)
        while mantissa >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 0.9995 {
            mantissa *= 10
            exponent -= 1
        }
        return "\(fixed(mantissa, 2))e\(exponent)"
    }
}
