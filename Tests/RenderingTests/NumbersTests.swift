import Rendering
import Testing

@Suite struct NumbersTests {
    @Test func keepsThreeDigits() {
        #expect(Numbers.short(0) == "0")
        #expect(Numbers.short(0.01234) == "0.012")
        #expect(Numbers.short(-1.236) == "−1.24")
        #expect(Numbers.short(12.34) == "12.3")
        #expect(Numbers.short(311.2) == "311")
        #expect(Numbers.short(-3050.6) == "−3051")
        #expect(Numbers.short(1_234_567) == "1.23e6")
        #expect(Numbers.short(0.0001234) == "1.23e-4")
    }

    @Test func writesSharesAndSigns() {
        #expect(Numbers.percent(0.4329) == "43.3 %")
        #expect(Numbers.percent(1) == "100.0 %")
        #expect(Numbers.signed(0.147, 4) == "+0.1470")
        #expect(Numbers.signed(-0.05, 2) == "−0.05")
    }

    @Test func countsPixels() {
        #expect([0, 1, 32].map { Numbers.pixels($0) } == ["0 pixels", "1 pixel", "32 pixels"])
    }

    @Test func writesWhatIsNoNumber() {
        #expect(Numbers.short(.nan) == "nan")
        #expect(Numbers.percent(.infinity) == "inf %")
        #expect(Numbers.signed(.nan, 2) == "+nan")
        #expect(!Numbers.percent(.greatestFiniteMagnitude).isEmpty)
    }
}
