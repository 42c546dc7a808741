/// The open connections by their numbers.
///
/// A number holds a place in the table and how often the place was taken before, so that one is looked up without
/// hashing, and a late event or answer finds nobody: a place is taken 2⁴⁰ times before a number comes again.
struct ConnectionTable {
    /// A number's low bits are its place, counted from the first number.
    static let placeBits: UInt64 = 24

    private struct Place {
        var connection: Connection?
        var uses: UInt64 = 0
    }

    private let firstID: UInt64
    private var places: [Place] = []
    /// The places that nobody has, the one to take next last.
    private var free: [Int] = []

    /// An empty table, whose smallest number is `firstID`.
    init(firstID: UInt64) {
        self.firstID = firstID
    }

    /// How many connections are open.
    var count: Int { places.count - free.count }

    var isEmpty: Bool { count == 0 }

    /// The open connections, in no order.
    var all: [Connection] { places.compactMap(\.connection) }

    /// The number of the connection that is added next.
    mutating func nextID() -> UInt64 {
        if free.isEmpty {
            free.append(places.count)
            places.append(Place())
        }
        let place = free[free.count - 1]
        return firstID + UInt64(place) | places[place].uses << Self.placeBits
    }

    /// Adds a connection that has the next number.
    mutating func add(_ connection: Connection) {
        precondition(connection.id == nextID(), "a connection with the number of another")
        let place = free.removeLast()
        places[place].connection = connection
        places[place].uses += 1
    }

    /// The connection of that number, while it is open.
    subscript(id: UInt64) -> Connection? {
        guard let place = place(of: id), let connection = places[place].connection, connection.id == id else {
            return nil
        }
        return connection
    }

    /// Takes a connection out.
    mutating func remove(_ connection: Connection) {
        guard let place = place(of: connection.id), places[place].connection === connection else { return }
        places[place].connection = nil
        free.append(place)
    }

    private func place(of id: UInt64) -> Int? {
        let number = id & (1 << Self.placeBits - 1)
        guard number >= firstID, number - firstID < UInt64(places.count) else { return nil }
        return Int(number - firstID)
    }
}
