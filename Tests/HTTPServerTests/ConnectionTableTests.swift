import Concurrency
import HTTP
import Testing

@testable import HTTPServer

@Suite struct ConnectionTableTests {
    private static let first: UInt64 = 100

    private func connection(_ id: UInt64) -> Connection {
        let now = Instant(nanoseconds: 1)
        return Connection(
            id: id, descriptor: -1, caller: Caller(peer: "unix", scheme: "http"), countedPeer: nil, isProxy: false,
            transport: PlainTransport(descriptor: -1, syscalls: .kernel),
            state: ConnectionState(peer: "unix", at: now.nanoseconds), watched: [], now: now)
    }

    private func add(_ count: Int, to table: inout ConnectionTable) -> [Connection] {
        (0..<count).map { _ in
            let connection = connection(table.nextID())
            table.add(connection)
            return connection
        }
    }

    @Test func findsWhatIsThere() {
        var table = ConnectionTable(firstID: Self.first)
        let (none, isEmpty) = (table[Self.first], table.isEmpty)
        let members = add(5, to: &table)
        let (found, ids) = (members.map { table[$0.id] }, members.map(\.id))
        let (count, all) = (table.count, table.all)
        #expect(none == nil && isEmpty)
        #expect(ids == Array(Self.first..<Self.first + 5))
        #expect(zip(found, members).allSatisfy { $0 === $1 })
        #expect(count == 5 && Set(all.map(\.id)) == Set(ids))
    }

    @Test func findsNobodyByANumberThatWasNeverGiven() {
        var table = ConnectionTable(firstID: Self.first)
        let members = add(2, to: &table)
        let others: [UInt64] = [
            0, Self.first - 1, Self.first + 2, Self.first | 1 << ConnectionTable.placeBits, .max, 1 << 23,
        ]
        #expect(others.map { table[$0] }.allSatisfy { $0 == nil })
        withExtendedLifetime(members) {}
    }

    @Test func aPlaceThatIsTakenAgainHasAnotherNumber() {
        var table = ConnectionTable(firstID: Self.first)
        let members = add(3, to: &table)
        table.remove(members[1])
        table.remove(members[1])
        let (gone, count) = (table[members[1].id], table.count)
        let successor = add(1, to: &table)[0]
        let (found, stranger, size) = (table[successor.id], table[members[1].id], table.count)
        #expect(gone == nil && count == 2)
        #expect(found === successor && stranger == nil && size == 3)
        #expect(successor.id != members[1].id)
    }

    @Test func aNumberThatIsNotUsedIsTheNextOne() {
        var table = ConnectionTable(firstID: Self.first)
        let ids = (0..<3).map { _ in table.nextID() }
        #expect(ids == [Self.first, Self.first, Self.first] && table.isEmpty)
    }

    @Test func noNumberComesTwice() {
        var table = ConnectionTable(firstID: Self.first)
        var given: Set<UInt64> = []
        for round in 0..<50 {
            let members = add(1 + round % 7, to: &table)
            for member in members { #expect(given.insert(member.id).inserted) }
            for member in members where member.id % 3 != 0 || round % 2 == 0 { table.remove(member) }
        }
        #expect(given.count > 150)
    }
}
