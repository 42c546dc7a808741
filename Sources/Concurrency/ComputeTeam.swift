/// The threads held during one turn of the compute pool; loops are spread over them.
public struct ComputeTeam: Sendable {
    /// The calling thread alone, for tests and small work.
    public static let single = ComputeTeam(forkJoin: nil, turn: 0)

    private let forkJoin: ForkJoin?
    private let turn: UInt64

    init(forkJoin: ForkJoin?, turn: UInt64) {
        self.forkJoin = forkJoin
        self.turn = turn
    }

    /// The threads that share a loop, the calling one included.
    public var threads: Int { forkJoin?.threads ?? 1 }

    /// Runs `body(0) … body(parts - 1)`, each once, on the threads of the team; returns when all are done.
    ///
    /// Parts are handed out one by one, to each thread those of its own share of the range first, then what others have
    /// left of theirs. So neighbouring parts mostly run on one thread, the same ones in loop after loop; but a result must
    /// not depend on which thread runs a part or when: each part writes to places of its own. A loop within a part runs
    /// serially on that part's thread. Costs a few microseconds while the threads are awake.
    public func forEach(_ parts: Int, _ body: @Sendable (Int) -> Void) {
        precondition(parts >= 0, "a loop of \(parts) parts")
        if let forkJoin, forkJoin.threads > 1, parts > 1 {
            forkJoin.run(turn: turn, parts: parts, body: body)
        } else {
            for part in 0..<parts { body(part) }
        }
    }
}
