import Tensors
import TestSupport
import Testing

/// Builds NPY files with any header and data.
enum HostileNPY {
    static func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
        let text = Array(header.utf8)
        let length =
            version == 1
            ? [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
            : [UInt8(text.count & 0xFF), UInt8(text.count >> 8 & 0xFF), 0, 0]
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
    }

    static func header(_ descriptor: String = "'<f4'", _ order: String = "False", _ shape: String) -> String {
        "{'descr': \(descriptor), 'fortran_order': \(order), 'shape': \(shape), }"
    }
}

@Suite struct NPYHostileTests {
    private func fault(_ bytes: [UInt8], maximumElements: Int = 1 << 26) -> NPYError? {
        do throws(NPYError) {
            _ = try NPY.decode(bytes, maximumElements: maximumElements)
            return nil
        } catch {
            return error
        }
    }

    private func fault(shape: String, data: Int = 0) -> NPYError? {
        fault(HostileNPY.file(HostileNPY.header("'<f4'", "False", shape), [UInt8](repeating: 0, count: data)))
    }

    private func reason(_ header: String) -> String? {
        guard case .malformedHeader(let reason, _) = fault(HostileNPY.file(header)) else { return nil }
        return reason
    }

    @Test func refusesOtherFiles() {
        #expect(fault([]) == .notNPY(found: []))
        #expect(fault(Array("\u{89}PNG".utf8)) == .notNPY(found: Array("\u{89}PNG".utf8)))
        #expect(fault([0x93, 0x4E]) == .notNPY(found: [0x93, 0x4E]))
    }

    @Test func refusesUnknownVersions() {
        for (major, minor) in [(0, 0), (4, 0), (255, 255), (1, 1)] {
            let bytes = [0x93] + Array("NUMPY".utf8) + [UInt8(major), UInt8(minor), 0, 0]
            #expect(fault(bytes) == .unsupportedVersion(major: major, minor: minor))
        }
    }

    @Test func refusesEveryTruncation() {
        for version: UInt8 in [1, 2, 3] {
            let whole = HostileNPY.file(
                HostileNPY.header("'<f4'", "False", "(2,)"), [1, 2, 3, 4, 5, 6, 7, 8], version: version)
            #expect(fault(whole) == nil)
            for length in 0..<whole.count { #expect(fault(Array(whole.prefix(length))) != nil) }
        }
    }

    @Test func refusesHeaderLengthsBeyondTheFileOrTheLimit() {
        let start = [0x93] + Array("NUMPY".utf8)
        #expect(fault(start + [1, 0, 0xFF, 0xFF]) == .headerTooLong(found: 65535, maximum: 10000))
        #expect(fault(start + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == .headerTooLong(found: 0xFFFF_FFFF, maximum: 10000))
        #expect(fault(start + [1, 0, 100, 0, 0x7B]) == .truncatedHeader(expected: 110, found: 11))
        #expect(fault(start + [2, 0, 100]) == .truncatedHeader(expected: 12, found: 9))
        #expect(fault(start + [1]) == .truncatedHeader(expected: 8, found: 7))
    }

    @Test func refusesHugeShapesWithoutAllocating() {
        #expect(
            fault(shape: "(4294967296, 4294967296)") == .tooManyElements(shape: [1 << 32, 1 << 32], maximum: 1 << 26))
        #expect(fault(shape: "(67108865,)") == .tooManyElements(shape: [67_108_865], maximum: 1 << 26))
        #expect(fault(shape: "(0, 9223372036854775807)") != nil)
        #expect(fault(shape: "(9223372036854775808,)", data: 8) != nil)
        #expect(reason(HostileNPY.header("'<f4'", "False", "(99999999999999999999,)")) == "a size does not fit 63 bits")
        let axes = [String](repeating: "1", count: 33).joined(separator: ", ")
        #expect(reason(HostileNPY.header("'<f4'", "False", "(\(axes))")) == "a shape has at most 32 axes")
        #expect(fault(shape: "(8192, 8192)") == .dataLength(shape: [8192, 8192], elementSize: 4, found: 0))
    }

    @Test func theCallersLimitHolds() {
        let file = HostileNPY.file(HostileNPY.header("'<f4'", "False", "(3,)"), [UInt8](repeating: 0, count: 12))
        #expect(fault(file, maximumElements: 3) == nil)
        #expect(fault(file, maximumElements: 2) == .tooManyElements(shape: [3], maximum: 2))
        let wide = HostileNPY.file(
            HostileNPY.header("'<f8'", "False", "(4611686018427387904,)"), [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(fault(wide, maximumElements: .max) == .dataLength(shape: [1 << 62], elementSize: 8, found: 8))
    }

    @Test func refusesNegativeAndOtherSizes() {
        #expect(reason(HostileNPY.header("'<f4'", "False", "(-1,)")) == "a size is negative")
        #expect(reason(HostileNPY.header("'<f4'", "False", "(2.5,)")) == "')' is expected")
        #expect(reason(HostileNPY.header("'<f4'", "False", "(True,)")) == "a size, a whole number, is expected")
        #expect(reason(HostileNPY.header("'<f4'", "False", "(0x10,)")) == "')' is expected")
        #expect(reason(HostileNPY.header("'<f4'", "False", "[2]")) == "'(' is expected")
        #expect(reason(HostileNPY.header("'<f4'", "False", "(2)")) == "a tuple of one size is written (3,)")
        #expect(reason(HostileNPY.header("'<f4'", "False", "((2, 3), 4)")) == "a size, a whole number, is expected")
    }

    @Test func readsTheSuffixThatPython2Wrote() {
        #expect(fault(shape: "(2L, 1L)", data: 8) == nil)
    }

    @Test func refusesDataThatIsShorterOrLonger() {
        #expect(fault(shape: "(2,)", data: 7) == .dataLength(shape: [2], elementSize: 4, found: 7))
        #expect(fault(shape: "(2,)", data: 9) == .dataLength(shape: [2], elementSize: 4, found: 9))
        #expect(fault(shape: "(2,)", data: 12) == .dataLength(shape: [2], elementSize: 4, found: 12))
        #expect(fault(shape: "()", data: 0) == .dataLength(shape: [], elementSize: 4, found: 0))
    }

    @Test(arguments: ["object", "structured", "complex", "text", "time"])
    func refusesOtherElementTypes(name: String) throws {
        guard case .unsupportedType(let found) = fault(try Fixtures.bytes("npy/\(name).npy")) else {
            Issue.record("\(name) was not refused for its type")
            return
        }
        #expect(!found.isEmpty)
    }

    @Test(arguments: ["f4", "<f3", "<f", "<f16", "=f4", "|f4", "<b2", "<O8", "<f４", "", "<i\u{301}4"])
    func refusesOddTypeNames(name: String) {
        let header = HostileNPY.header("'\(name)'", "False", "(1,)")
        #expect(fault(HostileNPY.file(header, [0, 0, 0, 0])) == .unsupportedType(found: name))
    }

    @Test func refusesHeadersThatAreNotTheDictionary() {
        let good = HostileNPY.header("'<f4'", "False", "(0,)")
        #expect(fault(HostileNPY.file(good)) == nil)
        #expect(fault(HostileNPY.file("\n {'shape':(0,),\"descr\":\"<f4\",'fortran_order':True}\n")) == nil)
        #expect(reason("") == "'{' is expected")
        #expect(reason("{") == "a string is expected")
        #expect(reason("{}") == "'descr' is missing")
        #expect(reason("{'descr': '<f4', 'fortran_order': False}") == "'shape' is missing")
        #expect(reason("{'descr': '<f4', 'descr': '<f4'}") == "'descr' is given twice")
        #expect(reason("{'desc") == "a string has no end")
        #expect(reason("{'descr\\x41': 1}") == "a string has an escape in it")
        #expect(reason("{'other': 1}") == "the entry 'other' is not known")
        #expect(reason("{'fortran_order': 1}") == "True or False is expected")
        #expect(reason("{'fortran_order': __import__('os').system('true')}") == "True or False is expected")
        #expect(reason(good + good) == "nothing may follow the dictionary")
        #expect(reason(String(repeating: "{", count: 9999)) == "a string is expected")
        #expect(reason("{'shape': " + String(repeating: "(", count: 9000)) == "a size, a whole number, is expected")
    }

    @Test func quotesAtMostFortyHarmlessCharacters() {
        let header = HostileNPY.header("'\u{1B}[31m" + String(repeating: "x", count: 500) + "'", "False", "(1,)")
        let words = fault(HostileNPY.file(header))?.description ?? ""
        #expect(words.contains("'?[31mxxx") && words.contains("…'") && words.count < 250)
    }

    @Test func wordsSayWhatWasFoundAndWhatIsAllowed() {
        let words: [(NPYError, String)] = [
            (
                .notNPY(found: [0x0F, 0xA0]),
                "not an NPY file: it starts with 0F A0, an NPY file with 93 4E 55 4D 50 59"
            ),
            (.notNPY(found: []), "not an NPY file: it starts with nothing, an NPY file with 93 4E 55 4D 50 59"),
            (.unsupportedVersion(major: 4, minor: 0), "NPY version 4.0 is not read; 1.0, 2.0 and 3.0 are"),
            (.truncatedHeader(expected: 110, found: 11), "the NPY header needs 110 bytes, the file has 11"),
            (
                .headerTooLong(found: 65535, maximum: 9),
                "the NPY header says it is 65535 bytes long; at most 9 are read"
            ),
            (
                .malformedHeader(reason: "a size is negative", offset: 3),
                "the NPY header is not as NumPy writes it: at byte 3 a size is negative"
            ),
            (
                .unsupportedType(found: "|O"),
                "NPY elements of type '|O' are not read; allowed are f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 and b1, "
                    + "with '<', '>' or (one byte) '|' before them"
            ),
            (
                .tooManyElements(shape: [3, 4], maximum: 5),
                "an NPY array of shape [3, 4] is too large; at most 5 elements are read"
            ),
            (
                .dataLength(shape: [2], elementSize: 4, found: 7),
                "an NPY array of shape [2] with 4 bytes an element is followed by 7 bytes of data; there must be exactly "
                    + "as many as the shape needs"
            ),
        ]
        for (error, text) in words { #expect(error.description == text) }
    }
}
