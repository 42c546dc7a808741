/// The files of a tar archive (POSIX.1-2001 pax and ustar, with the long names of GNU tar): where each lies, not their bytes.
///
/// Written for archives from strangers. Names are relative paths without `.`, `..` and empty parts; folders are left out.
/// Links, devices and sparse files, names that come twice, sizes that the archive does not have, and an archive without
/// its end are errors, each with the place.
struct TarArchive {
    /// A file in the archive.
    struct Entry: Equatable {
        /// Its path, with slashes.
        let name: String
        /// Where its bytes lie.
        let range: Range<Int>
    }

    /// The files, in the order of the archive.
    private(set) var entries: [Entry] = []

    private static let block = 512
    /// The most bytes that a name, or the records of one extended header, may have.
    private static let extensionLimit = 64 << 10

    /// Reads the headers of an archive of `size` bytes.
    ///
    /// - Parameters:
    ///   - maximumEntries: how many files it may have.
    ///   - read: the bytes of a range of the archive, which lies inside of it.
    /// - Throws: `SwitchbackError.badDataset` with what is wrong, and what `read` throws.
    init(size: Int, maximumEntries: Int, read: (Range<Int>) throws -> [UInt8]) throws {
        var (position, known): (Int, Set<String>) = (0, [])
        var extended = ExtendedHeader()
        while true {
            guard size - position >= Self.block else {
                throw Self.broken("it ends without its end marker", at: position)
            }
            let bytes = try read(position..<position + Self.block)
            if bytes.allSatisfy({ $0 == 0 }) { return }
            let header = try TarHeader(bytes, at: position)
            let start = position + Self.block
            let length = header.kind == .file ? extended.size ?? header.size : header.hasContent ? header.size : 0
            guard length <= size - start else {
                throw Self.broken("a file of \(length) bytes in an archive of \(size)", at: position)
            }
            let place = position
            position = start + (length + Self.block - 1) / Self.block * Self.block
            switch header.kind {
            case .file:
                let name = try Self.path(extended.name ?? header.name, at: place)
                guard known.insert(name).inserted else { throw Self.broken("'\(name)' comes twice", at: place) }
                guard entries.count < maximumEntries else {
                    throw Self.broken("more than \(maximumEntries) files", at: place)
                }
                entries.append(Entry(name: name, range: start..<start + length))
                extended = ExtendedHeader()
            case .folder: extended = ExtendedHeader()
            case .pax, .longName:
                guard length <= Self.extensionLimit else {
                    throw Self.broken("an extended header of \(length) bytes", at: place)
                }
                try extended.take(try read(start..<start + length), as: header.kind, at: place)
            case .global: continue
            }
        }
    }

    /// The path as it is kept; an error for one that leads anywhere but into the archive.
    private static func path(_ text: String, at place: Int) throws(SwitchbackError) -> String {
        guard !text.hasPrefix("/"), !text.contains("\0"), !text.contains("\\") else {
            throw broken("the name '\(Spelling.shortened(text))' is no relative path", at: place)
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).filter { $0 != "." }
        guard !parts.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == ".." }) else {
            throw broken("the name '\(Spelling.shortened(text))' leads out of the archive", at: place)
        }
        return parts.joined(separator: "/")
    }

    static func broken(_ what: String, at place: Int) -> SwitchbackError {
        .badDataset(.malformed, reason: "the tar archive cannot be taken, at byte \(place): \(what)")
    }
}

/// What extended headers say of the file behind them.
private struct ExtendedHeader {
    var name: String?
    var size: Int?

    mutating func take(_ bytes: [UInt8], as kind: TarHeader.Kind, at place: Int) throws(SwitchbackError) {
        guard kind == .pax else {
            name = try Self.text(bytes.prefix { $0 != 0 }, at: place)
            return
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            // "30 path=a/name\n": the length counts the whole record.
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), space - rest.startIndex <= 6,
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length <= rest.count,
                length > space + 1 - rest.startIndex, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw TarArchive.broken("an extended header that is not well formed", at: place) }
            let end = rest.startIndex + length
            try take(record: rest[(space + 1)..<(end - 1)], at: place)
            rest = rest[end...]
        }
    }

    private mutating func take(record: ArraySlice<UInt8>, at place: Int) throws(SwitchbackError) {
        guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
            throw TarArchive.broken("an extended header without a value", at: place)
        }
        let value = record[(equals + 1)...]
        let keyword = String(decoding: record[..<equals], as: UTF8.self)
        switch keyword {
        case "path": name = try Self.text(value, at: place)
        case "size":
            guard let number = OptionReader.wholeNumber(String(decoding: value, as: UTF8.self)) else {
                throw TarArchive.broken("a size that is no number", at: place)
            }
            size = number
        case _ where keyword.hasPrefix("GNU.sparse."):
            throw TarArchive.broken("a sparse file; only plain files are taken", at: place)
        default: break
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>, at place: Int) throws(SwitchbackError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TarArchive.broken("a name that is not UTF-8", at: place)
        }
        return text
    }
}
