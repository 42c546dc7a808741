import Testing

@testable import HTTPServer

@Suite("A crowd of connections")
struct CrowdTests {
    /// The counts at which the crowd is told to have dispersed while its connections close one after the other.
    private func dispersals(of crowd: inout Crowd, from count: Int, to end: Int = 0) -> [Int] {
        (end..<count).reversed().filter { crowd.shrink(to: $0) }
    }

    private func crowd(of count: Int) -> Crowd {
        var crowd = Crowd()
        for number in 1...count { crowd.grow(to: number) }
        return crowd
    }

    @Test("has dispersed at each quarter of what there was, down to the last few")
    func quarters() {
        var crowd = crowd(of: 4096)
        #expect(dispersals(of: &crowd, from: 4096) == [1024, 256, 64, 16])
        #expect(dispersals(of: &crowd, from: 16).isEmpty)
    }

    @Test("is 1,024 connections or more")
    func least() {
        var few = crowd(of: 1023)
        #expect(dispersals(of: &few, from: 1023).isEmpty)
        var enough = crowd(of: 1024)
        #expect(dispersals(of: &enough, from: 1024) == [256, 64, 16])
    }

    @Test("that has ended does not begin again with fewer")
    func end() {
        var crowd = crowd(of: 1024)
        _ = dispersals(of: &crowd, from: 1024)
        for number in 1...1000 { crowd.grow(to: number) }
        #expect(dispersals(of: &crowd, from: 1000).isEmpty)
    }

    @Test("of which the rest grows has dispersed at a quarter of that")
    func growth() {
        var crowd = crowd(of: 2048)
        #expect(dispersals(of: &crowd, from: 2048, to: 500) == [512])
        for number in 501...800 { crowd.grow(to: number) }
        #expect(dispersals(of: &crowd, from: 800, to: 150) == [200])
    }
}
