/// How many bytes of a kind the server holds for its clients, in all and for each.
///
/// Only clients for which some are held take memory.
struct HeldBytes {
    /// What is held on one connection, and for whom.
    struct Part {
        fileprivate(set) var bytes = 0
        fileprivate var client: IPAddress?
    }

    private(set) var total = 0
    private var clients: [IPAddress: Int] = [:]

    /// How many clients are held some for.
    var clientCount: Int { clients.count }

    /// What is held for the client besides that part; 0 for one who is not counted.
    func others(than part: Part, of client: IPAddress?) -> Int {
        guard let client, let sum = clients[client] else { return 0 }
        return part.client == client ? sum - part.bytes : sum
    }

    /// Counts so many bytes in the place of what the part was before.
    mutating func set(_ part: inout Part, to bytes: Int, for client: IPAddress?) {
        add(-part.bytes, for: part.client)
        (part.bytes, part.client) = (bytes, client)
        add(bytes, for: client)
    }

    private mutating func add(_ bytes: Int, for client: IPAddress?) {
        total += bytes
        guard bytes != 0, let client else { return }
        let sum = clients[client, default: 0] + bytes
        precondition(sum >= 0, "a client for which \(sum) bytes are held")
        clients[client] = sum == 0 ? nil : sum
    }
}
