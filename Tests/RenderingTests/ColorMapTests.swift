import Foundation
import Rendering
import Testing

@Suite struct ColorMapTests {
    /// Lightness, green-red and blue-yellow in OKLab (Ottosson, 2020), in which distances look as large as they are.
    private func oklab(_ color: Color) -> (lightness: Double, a: Double, b: Double) {
        func linear(_ level: UInt8) -> Double {
            let share = Double(level) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let (r, g, b) = (linear(color.red), linear(color.green), linear(color.blue))
        let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
        let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
        let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
        return (
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        )
    }

    private func distance(_ one: Color, _ two: Color) -> Double {
        let (first, second) = (oklab(one), oklab(two))
        let squares = [first.lightness - second.lightness, first.a - second.a, first.b - second.b].map { $0 * $0 }
        return squares.reduce(0, +).squareRoot()
    }

    @Test func sequentialLightnessGrowsInEqualSteps() {
        let map = ColorMap.sequential(0, 1)
        let lightness = (0...20).map { oklab(map.color(Float($0) / 20)).lightness }
        let steps = zip(lightness.dropFirst(), lightness).map { $0 - $1 }
        let mean = (lightness[20] - lightness[0]) / 20
        #expect(mean > 0.03)
        #expect(steps.allSatisfy { abs($0 - mean) < mean / 4 }, "\(steps)")
    }

    @Test func divergingIsNeutralAtZeroAndAlikeOnBothSides() {
        let map = ColorMap.diverging(2)
        let middle = oklab(map.color(0))
        #expect(abs(middle.a) < 0.01 && abs(middle.b) < 0.01)
        for value in stride(from: Float(0.2), through: 2, by: 0.3) {
            let (above, below) = (map.color(value), map.color(-value))
            #expect(abs(oklab(above).lightness - oklab(below).lightness) < 0.02)
            #expect(above.red > above.blue && below.blue > below.red)
        }
    }

    @Test func zeroIsNeutralWhenEveryValueIsZero() {
        let map = ColorMap.diverging(0)
        #expect(map.color(0) == ColorMap.diverging(1).color(0))
    }

    @Test func valuesBeyondTheEndsTakeTheEndsColor() {
        let map = ColorMap.sequential(-1, 3)
        #expect(map.color(-50) == map.color(-1))
        #expect(map.color(50) == map.color(3))
        #expect(map.color(.nan) == map.color(-1))
        #expect(map.color(-1) != map.color(3))
    }

    @Test func categoricalColorsAreFarApart() {
        let colors = (0...ColorMap.categoryLimit).map(ColorMap.categorical)
        for (rank, color) in colors.enumerated() {
            for other in colors[..<rank] { #expect(distance(color, other) > 0.09, "\(rank): \(color) \(other)") }
        }
    }

    @Test func classesBehindTheLimitShareOneGray() {
        let gray = ColorMap.categorical(ColorMap.categoryLimit)
        #expect(ColorMap.categorical(ColorMap.categoryLimit + 5) == gray)
        #expect(abs(Int(gray.red) - Int(gray.blue)) < 16)
    }
}
