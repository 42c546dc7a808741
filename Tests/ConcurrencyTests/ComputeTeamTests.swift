import Concurrency
import Synchronization
import Testing

private let threadCounts = [1, 2, 4, 7]

@Suite struct ComputeTeamTests {
    /// A sum per part whose value depends on the order of its own terms, not on who else runs.
    private static func work(_ part: Int) -> Float {
        var sum: Float = 0
        for term in 1...(part % 50 + 1) { sum += 1 / Float(term * (part + 1)) }
        return sum
    }

    @Test(arguments: threadCounts)
    func runsEachPartOnce(threads: Int) throws {
        let pool = ComputePool(threads: threads)
        for parts in [0, 1, 2, 3, threads, threads + 1, 1000] {
            let counts = Guarded([Int](repeating: 0, count: parts))
            try pool.turn(priority: .interactive, token: .never) { team in
                #expect(team.threads == threads)
                team.forEach(parts) { part in counts.withLock { $0[part] += 1 } }
            }
            #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
        }
    }

    @Test(arguments: threadCounts)
    func resultsDoNotDependOnTheThreads(threads: Int) throws {
        let pool = ComputePool(threads: threads)
        let expected = (0..<500).map(ComputeTeamTests.work)
        for _ in 0..<20 {
            let results = Guarded([Float](repeating: -1, count: 500))
            try pool.turn(priority: .background, token: .never) { team in
                team.forEach(500) { part in
                    let value = ComputeTeamTests.work(part)
                    results.withLock { $0[part] = value }
                }
            }
            #expect(results.withLock { $0 } == expected)
        }
    }

    @Test(arguments: threadCounts)
    func allWritesAreSeenAfterEachOfManyLoops(threads: Int) throws {
        // Short loops in a row race late workers against the next loop; each result must be complete at once.
        let pool = ComputePool(threads: threads)
        let total = Atomic<Int>(0)
        for _ in 0..<50 {
            try pool.turn(priority: .interactive, token: .never) { team in
                for parts in 1...40 {
                    total.store(0, ordering: .relaxed)
                    team.forEach(parts) { part in total.add(part + 1, ordering: .relaxed) }
                    #expect(total.load(ordering: .relaxed) == parts * (parts + 1) / 2)
                }
            }
        }
    }

    @Test(arguments: threadCounts)
    func aLoopWithinALoopRunsOnItsOwnThread(threads: Int) throws {
        let pool = ComputePool(threads: threads)
        let counts = Guarded([Int](repeating: 0, count: 8 * 16))
        try pool.turn(priority: .interactive, token: .never) { team in
            team.forEach(8) { outer in
                let thread = CurrentTestThread()
                team.forEach(16) { inner in
                    #expect(CurrentTestThread() == thread)
                    counts.withLock { $0[outer * 16 + inner] += 1 }
                }
            }
        }
        #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test func severalThreadsTakePart() throws {
        let pool = ComputePool(threads: 2)
        // Each part waits for the other one: this ends only when two threads are at it.
        let arrived = Guarded(0)
        let condition = Condition()
        try pool.turn(priority: .interactive, token: .never) { team in
            team.forEach(2) { _ in
                arrived.withLock { $0 += 1 }
                condition.notifyAll()
                _ = arrived.wait(for: condition) { $0 == 2 ? true : nil }
            }
        }
        #expect(arrived.withLock { $0 } == 2)
    }

    @Test func aLongLastPartOfAWorkerIsAwaited() throws {
        let pool = ComputePool(threads: 4)
        for _ in 0..<20 {
            let finished = Atomic<Int>(0)
            try pool.turn(priority: .interactive, token: .never) { team in
                team.forEach(4) { _ in
                    // Long enough for the forking thread to stop spinning and sleep.
                    let end = MonotonicTime().now + .milliseconds(1)
                    while MonotonicTime().now < end {}
                    finished.add(1, ordering: .relaxed)
                }
                #expect(finished.load(ordering: .relaxed) == 4)
            }
        }
    }

    @Test func theSingleTeamRunsInOrderOnTheCaller() {
        let parts = Guarded<[Int]>([])
        ComputeTeam.single.forEach(5) { part in parts.withLock { $0.append(part) } }
        #expect(parts.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(ComputeTeam.single.threads == 1)
    }

    @Test func trapsWhenUsedAfterItsTurn() async {
        await #expect(processExitsWith: .failure) {
            let pool = ComputePool(threads: 2)
            let team = try pool.turn(priority: .interactive, token: .never) { $0 }
            team.forEach(2) { _ in }
        }
    }
}
