internal import Concurrency

/// Alarms in order of time: a binary heap of (instant, id).
///
/// An alarm cannot be moved or taken out. The owner keeps the deadline in force beside its id; when an alarm comes up it
/// compares, and sets another if the deadline has been put off meanwhile. A connection that puts its deadline off with
/// every request so costs the heap nothing.
struct DeadlineHeap {
    private struct Alarm {
        var instant: Instant
        var id: UInt64
    }

    private var alarms: [Alarm] = []

    /// How many alarms are set.
    var count: Int { alarms.count }

    /// When the first alarm is due.
    var earliest: Instant? { alarms.first?.instant }

    /// Sets an alarm.
    mutating func set(_ id: UInt64, at instant: Instant) {
        alarms.append(Alarm(instant: instant, id: id))
        siftUp(from: alarms.count - 1)
    }

    /// Takes out the first alarm if it is due: its id.
    mutating func takeDue(at now: Instant) -> UInt64? {
        guard let first = alarms.first, first.instant <= now else { return nil }
        let last = alarms.removeLast()
        if !alarms.isEmpty {
            alarms[0] = last
            siftDown(from: 0)
        }
        return first.id
    }

    /// Forgets the alarms of ids that are no more.
    mutating func keep(where isAlive: (UInt64) -> Bool) {
        alarms.removeAll { !isAlive($0.id) }
        for index in stride(from: alarms.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }
    }

    private mutating func siftUp(from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard alarms[index].instant < alarms[parent].instant else { return }
            alarms.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(from start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < alarms.count {
                if alarms[child].instant < alarms[least].instant { least = child }
            }
            guard least != index else { return }
            alarms.swapAt(index, least)
            index = least
        }
    }
}
