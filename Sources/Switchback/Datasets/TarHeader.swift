/// The 512 bytes in front of a file of a tar archive.
struct TarHeader {
    /// What stands behind it.
    enum Kind {
        case file
        case folder
        /// Records about the next file.
        case pax
        /// Records about all files behind, none of which matters here.
        case global
        /// The name of the next file, where GNU tar finds it too long for the header.
        case longName
    }

    let kind: Kind
    let name: String
    let size: Int

    /// Whether bytes follow, as many as ``size`` says.
    var hasContent: Bool { kind != .folder }

    /// Reads a header; `place` is where it lies, for messages.
    ///
    /// Throws `SwitchbackError.badDataset` where the checksum is wrong, for a number that is none, and for what is
    /// neither a file nor a folder.
    init(_ bytes: [UInt8], at place: Int) throws(SwitchbackError) {
        let sum = bytes.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(bytes[$1])) }
        guard (try? Self.number(bytes[148..<156], at: place)) == sum else {
            throw TarArchive.broken("the checksum of a header is wrong: it is no tar archive, or damaged", at: place)
        }
        kind = try Self.kind(bytes[156], at: place)
        size = try Self.number(bytes[124..<136], at: place)
        let isPOSIX = bytes[257..<265].elementsEqual([UInt8]("ustar\u{0}00".utf8))
        let parts = [isPOSIX ? bytes[345..<500] : [], bytes[0..<100]].map { $0.prefix { $0 != 0 } }
        let path = parts[0].isEmpty ? Array(parts[1]) : parts[0] + [UInt8(ascii: "/")] + parts[1]
        guard let name = String(validating: path, as: UTF8.self) else {
            throw TarArchive.broken("a name that is not UTF-8", at: place)
        }
        self.name = name
    }

    private static func kind(_ flag: UInt8, at place: Int) throws(SwitchbackError) -> Kind {
        switch flag {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "5"): .folder
        case UInt8(ascii: "x"): .pax
        case UInt8(ascii: "g"): .global
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "K"):
            throw TarArchive.broken("a link; only files and folders are taken", at: place)
        case UInt8(ascii: "S"): throw TarArchive.broken("a sparse file; only plain files are taken", at: place)
        default: throw TarArchive.broken("something that is neither a file nor a folder", at: place)
        }
    }

    /// A number in octal digits, or in base 256 behind a byte 128 as GNU tar writes large ones.
    private static func number(_ field: ArraySlice<UInt8>, at place: Int) throws(SwitchbackError) -> Int {
        if field.first == 0x80 {
            let digits = field.dropFirst().drop { $0 == 0 }
            guard digits.count < 8 else { throw TarArchive.broken("a number that is too large", at: place) }
            return digits.reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = field.drop { $0 == 32 }.prefix { $0 != 32 && $0 != 0 }
        guard digits.allSatisfy({ (48...55).contains($0) }) else {
            throw TarArchive.broken("a number that is none", at: place)
        }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }
}
