import HTTP
import TestSupport
import Testing

struct GzipTests {
    @Test(arguments: [0, 1, 9, 1000, 300_000]) func givesBackWhatWasCompressed(_ count: Int) throws {
        var generator = SplitMix64(seed: UInt64(count))
        // Half of it cannot be compressed, half of it can.
        let bytes = (0..<count).map { $0 < count / 2 ? UInt8.random(in: 0...255, using: &generator) : 7 }
        for level in [0, 1, 6, 9] {
            let compressed = Gzip.compress(bytes, level: level)
            #expect(compressed.starts(with: [0x1F, 0x8B]))
            #expect(try Gzip.decompress(compressed, limit: count) == bytes)
        }
    }

    @Test func theSameBytesGiveTheSameResult() {
        let bytes = Array("the same bytes".utf8)
        #expect(Gzip.compress(bytes) == Gzip.compress(bytes))
        // RFC 1952 section 2.3: no flags, no time.
        #expect(Gzip.compress(bytes)[3..<8].allSatisfy { $0 == 0 })
    }

    @Test func textGetsSmaller() {
        let text = Array(String(repeating: "{\"layer\": \"fire9\"}, ", count: 500).utf8)
        #expect(Gzip.compress(text).count < text.count / 20)
    }

    @Test func aBombIsStopped() {
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 5_000_000))
        #expect(throws: HTTPError.expandedTooLarge(limit: 1_000_000)) { try Gzip.decompress(bomb, limit: 1_000_000) }
        #expect(throws: HTTPError.expandedTooLarge(limit: 0)) { try Gzip.decompress(bomb, limit: 0) }
    }

    @Test func everyTruncationIsRefused() {
        let compressed = Gzip.compress(Array("hello, hello, hello".utf8))
        for count in 0..<compressed.count {
            #expect(throws: HTTPError.invalidCompression("they are cut short"), "\(count) bytes") {
                try Gzip.decompress(Array(compressed[..<count]), limit: 1000)
            }
        }
    }

    @Test func damageIsSeen() {
        var compressed = Gzip.compress(Array("hello".utf8))
        compressed[compressed.count - 5] ^= 1
        #expect(throws: HTTPError.invalidCompression("they are no gzip")) {
            try Gzip.decompress(compressed, limit: 1000)
        }
        #expect(throws: HTTPError.invalidCompression("they are no gzip")) {
            try Gzip.decompress(Array("plain text".utf8), limit: 1000)
        }
    }
}
