import Testing

@testable import HTTP

/// Copies out of spans, which the parser makes of every request.
struct SpanCopyTests {
    @Test(arguments: [0, 1, 14, 15, 16, 17, 40])
    func textIsThatOfTheStandardDecoder(count: Int) {
        let letters = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        #expect(String(decoding: letters.span) == String(decoding: letters, as: UTF8.self))
        // Broken UTF-8: a byte that begins nothing, and a character cut off at the end.
        for broken in [letters + [0xFF], [0x80] + letters, letters + [0xE2, 0x82], letters.map { $0 | 0x80 }] {
            #expect(String(decoding: broken.span) == String(decoding: broken, as: UTF8.self))
        }
    }

    @Test func bytesAreWrittenOverOthers() {
        var bytes: [UInt8] = [0, 1, 2, 3, 4]
        bytes.overwrite(from: 1, with: [11, 12].span)
        #expect(bytes == [0, 11, 12, 3, 4])
        bytes.overwrite(from: 3, with: [13, 14].span)
        #expect(bytes == [0, 11, 12, 13, 14])
        bytes.overwrite(from: 5, with: [UInt8]().span)
        #expect(bytes == [0, 11, 12, 13, 14])
    }

    @Test func writingOverOthersLeavesCopiesAlone() {
        var bytes: [UInt8] = [1, 2, 3]
        let copy = bytes
        bytes.overwrite(from: 0, with: [9].span)
        #expect(copy == [1, 2, 3] && bytes == [9, 2, 3])
    }

    @Test func aLineBufferUsesItsRoomAgain() {
        var buffer = LineBuffer()
        for _ in 0..<100 {
            buffer.append(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).span)
            while case .whole = buffer.nextLine(limit: 100) {}
            #expect(buffer.isEmpty)
            buffer.compact()
        }
        #expect(buffer.bytes.count <= 512)
    }

    @Test func aLineBufferGivesBackTheRoomOfLinesThatWereRead() {
        var buffer = LineBuffer()
        buffer.append([UInt8](repeating: 65, count: 60_000).span)
        buffer.append(Array("\r\nHost: a\r".utf8).span)
        guard case .whole = buffer.nextLine(limit: 60_000), case .incomplete = buffer.nextLine(limit: 100) else {
            Issue.record("no line and a part of one")
            return
        }
        #expect(buffer.bytes.capacity > LineBuffer.keptBytes)
        buffer.shrink()
        #expect(buffer.count == 8 && buffer.bytes.capacity <= LineBuffer.keptBytes)
        buffer.append(Array("\n".utf8).span)
        guard case .whole(let line) = buffer.nextLine(limit: 100) else {
            Issue.record("the line is lost")
            return
        }
        #expect(String(decoding: buffer.bytes[line], as: UTF8.self) == "Host: a")
    }
}
