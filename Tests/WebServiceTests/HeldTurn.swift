import Concurrency
import Dispatch
import Foundation

/// The compute pool's turn, held until it is released.
final class HeldTurn: Sendable {
    private let gate = DispatchSemaphore(value: 0)

    init(_ pool: ComputePool) {
        let (gate, held) = (gate, DispatchSemaphore(value: 0))
        let thread = Thread {
            try? pool.turn(priority: .interactive, token: .never) { _ in
                held.signal()
                gate.wait()
            }
        }
        thread.start()
        held.wait()
    }

    func release() { gate.signal() }
}
