/// Who has the compute pool and who waits for it: interactive before background, then first come first served.
struct TurnQueue {
    /// One who waits, and what wakes it.
    struct Waiter {
        let number: UInt64
        let condition: Condition
    }

    /// The number of the turn in progress.
    private(set) var holder: UInt64?
    private(set) var isClosed = false
    private var waiters: [Priority: [Waiter]] = [:]
    private var lastNumber: UInt64 = 0

    /// How many wait.
    var count: Int { waiters.values.reduce(0) { $0 + $1.count } }

    /// A new turn: holding the pool at once if it is free, else at the end of its priority's queue.
    mutating func enter(_ priority: Priority) -> Waiter {
        lastNumber += 1
        let waiter = Waiter(number: lastNumber, condition: Condition())
        if holder == nil && !isClosed {
            holder = waiter.number
        } else {
            waiters[priority, default: []].append(waiter)
        }
        return waiter
    }

    /// Ends the turn in progress; the one whose turn it is next, to be woken.
    mutating func leave() -> Waiter? {
        holder = nil
        if isClosed { return nil }
        for priority in Priority.allCases.reversed() where waiters[priority]?.isEmpty == false {
            let next = waiters[priority]?.removeFirst()
            holder = next?.number
            return next
        }
        return nil
    }

    /// Takes one who no longer wants its turn out of the queue.
    mutating func remove(_ number: UInt64) {
        for priority in Priority.allCases { waiters[priority]?.removeAll { $0.number == number } }
    }

    /// Gives no more turns; those who wait, to be woken.
    mutating func close() -> [Waiter] {
        isClosed = true
        return waiters.values.flatMap { $0 }
    }
}
