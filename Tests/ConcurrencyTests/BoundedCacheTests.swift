import Testing

@testable import Concurrency

@Suite struct BoundedCacheTests {
    private func kept(_ cache: BoundedCache<Int, String>, _ keys: ClosedRange<Int>) -> [Int] {
        keys.filter { cache.value(for: $0) != nil }
    }

    @Test func keepsWhatFits() {
        let cache = BoundedCache<Int, String>(byteLimit: 10)
        for key in 1...5 { cache.keep("\(key)", for: key, bytes: 2) }
        #expect((1...5).map { cache.value(for: $0) } == ["1", "2", "3", "4", "5"])
        #expect(cache.statistics == .init(hits: 5, misses: 0, count: 5, bytes: 10))
    }

    @Test func theOneUsedLeastRecentlyMakesWay() {
        let cache = BoundedCache<Int, String>(byteLimit: 6)
        for key in 1...3 { cache.keep("", for: key, bytes: 2) }
        _ = cache.value(for: 1)
        cache.keep("", for: 4, bytes: 2)
        #expect(kept(cache, 1...4) == [1, 3, 4])
        // As many as it takes.
        cache.keep("", for: 5, bytes: 4)
        #expect(kept(cache, 1...5) == [4, 5])
        #expect(cache.statistics.bytes == 6)
    }

    @Test func aValueTooLargeLeavesTheOthers() {
        let cache = BoundedCache<Int, String>(byteLimit: 6)
        cache.keep("", for: 1, bytes: 6)
        cache.keep("", for: 2, bytes: 7)
        #expect(kept(cache, 1...2) == [1])
        let none = BoundedCache<Int, String>(byteLimit: 0)
        none.keep("", for: 1, bytes: 1)
        #expect(none.value(for: 1) == nil)
        #expect(none.statistics == .init(hits: 0, misses: 1, count: 0, bytes: 0))
    }

    @Test func aNewValueTakesThePlaceOfTheOld() {
        let cache = BoundedCache<Int, String>(byteLimit: 10)
        cache.keep("old", for: 1, bytes: 8)
        cache.keep("new", for: 1, bytes: 3)
        #expect(cache.value(for: 1) == "new")
        #expect(cache.statistics == .init(hits: 1, misses: 0, count: 1, bytes: 3))
    }

    @Test func agreesWithAPlainList() {
        var random = SystemRandomNumberGenerator()
        let cache = BoundedCache<Int, Int>(byteLimit: 50)
        // The same, as slowly as it can be said: the last one stands last.
        var list: [(key: Int, value: Int, bytes: Int)] = []
        for step in 0..<5000 {
            let key = Int.random(in: 0..<30, using: &random)
            if Bool.random(using: &random) {
                let bytes = Int.random(in: 0...60, using: &random)
                cache.keep(step, for: key, bytes: bytes)
                guard bytes <= 50 else { continue }
                list.removeAll { $0.key == key }
                while list.reduce(bytes, { $0 + $1.bytes }) > 50 { list.removeFirst() }
                list.append((key, step, bytes))
            } else {
                let found = list.firstIndex { $0.key == key }
                #expect(cache.value(for: key) == found.map { list[$0].value })
                if let found { list.append(list.remove(at: found)) }
            }
        }
        #expect(cache.statistics.count == list.count)
        #expect(cache.statistics.bytes == list.reduce(0) { $0 + $1.bytes })
    }

    @Test func letsGoOfWhatMakesWay() {
        final class Value: Sendable {}
        let cache = BoundedCache<Int, Value>(byteLimit: 1)
        weak var first: Value?
        do {
            let value = Value()
            first = value
            cache.keep(value, for: 1, bytes: 1)
        }
        #expect(first != nil)
        cache.keep(Value(), for: 2, bytes: 1)
        #expect(first == nil)
    }
}
