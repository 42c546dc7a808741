import Testing

@testable import HTTPServer

@Suite struct LineTests {
    private final class Member {
        let number: Int

        init(_ number: Int) { self.number = number }
    }

    @Test(arguments: [1, 10, 1000])
    func servesInOrderWhoeverJoinsMeanwhile(count: Int) {
        var line = Line<Member>()
        var served: [Int] = []
        var next = 0
        // Two join for each that is served, then all are.
        while next < count {
            for _ in 0..<2 {
                line.append(Member(next))
                next += 1
            }
            if let first = line.popFirst() { served.append(first.number) }
        }
        while let first = line.popFirst() { served.append(first.number) }
        #expect(served == Array(0..<next))
        #expect(line.count == 0)
    }

    @Test func letsAnyoneLeaveWhoStillWaits() {
        var line = Line<Member>()
        let members = (0..<4).map(Member.init)
        for member in members { line.append(member) }
        let first = line.popFirst()
        let leaves = [members[2], members[2], members[0]].map { line.remove($0) }
        let count = line.count
        let rest = [line.popFirst(), line.popFirst(), line.popFirst()]
        #expect(first?.number == 0)
        #expect(leaves == [true, false, false])
        #expect(count == 2)
        #expect(rest.map { $0?.number } == [1, 3, nil])
    }

    @Test func keepsNobodyWhoWasServed() {
        var line = Line<Member>()
        weak var weakMember: Member?
        do {
            let member = Member(1)
            weakMember = member
            line.append(member)
        }
        line.append(Member(2))
        _ = line.popFirst()
        #expect(weakMember == nil)
        #expect(line.count == 1)
    }
}
