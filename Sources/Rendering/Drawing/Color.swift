/// An opaque colour in sRGB.
package struct Color: Hashable, Sendable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// 0xRRGGBB.
    package init(_ word: UInt32) {
        self.init(UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255))
    }

    static let white = Color(0xFFFFFF)
    static let ink = Color(0x1D2125)
    static let faintInk = Color(0x69717A)
    static let line = Color(0xC9CED4)
    static let middleGray = Color(0x808080)

    /// The brightness after ITU-R 601-2, 0 … 255.
    package var luma: Int { (Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471) >> 16 }

    /// Whether light letters are easier to read on it than dark ones.
    package var isDark: Bool { luma < 120 }

    /// This colour with `share` (0 … 1) of `other`.
    func mixed(with other: Color, _ share: Float) -> Color {
        func channel(_ one: UInt8, _ two: UInt8) -> UInt8 {
            UInt8((Float(one) + (Float(two) - Float(one)) * min(1, max(0, share))).rounded())
        }
        return Color(channel(red, other.red), channel(green, other.green), channel(blue, other.blue))
    }
}
