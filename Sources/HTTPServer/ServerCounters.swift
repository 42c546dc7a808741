internal import Synchronization

/// What the I/O thread counts and anybody may read.
final class ServerCounters: Sendable {
    let connections = Atomic<Int>(0)
    let accepted = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    let peerRefusals = Atomic<Int>(0)
    let slowClients = Atomic<Int>(0)
    let tlsFailures = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    /// Whether the server is to stop.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Remembers that the server is to stop.
    func noteDrain() { draining.store(true, ordering: .relaxed) }
}

extension Atomic where Value == Int {
    func add(_ amount: Int) { wrappingAdd(amount, ordering: .relaxed) }

    var value: Int { load(ordering: .relaxed) }
}
