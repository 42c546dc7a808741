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
}

extension Atomic where Value == Int {
    func add(_ amount: Int) { wrappingAdd(amount, ordering: .relaxed) }

    var value: Int { load(ordering: .relaxed) }
}
