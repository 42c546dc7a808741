import Concurrency
import Dispatch
import Explainers
import Foundation
import Kernels

/// How long an interactive request waits for its turn while a background sweep has the threads.
extension Measure {
    /// So many requests, 1 to 40 ms after each other, behind occlusion sweeps with this patch and stride that follow each
    /// other without an end.
    func waiting(_ words: [String]) throws -> String {
        let count = max(1, Int(words[2]) ?? 1)
        let sweep = BackgroundSweep(try occlusion(words), pool: pool, context: context)
        sweep.start()
        defer { sweep.stop() }
        let clock = MonotonicTime()
        // Pauses that have nothing to do with the turns' lengths; the same in each run.
        var state: UInt64 = 1
        var waits: [Double] = []
        for _ in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            Thread.sleep(forTimeInterval: 0.001 * (1 + Double(state >> 33) / Double(1 << 31) * 39))
            let start = clock.now
            try pool.turn(priority: .interactive, token: .never) { _ in waits.append((clock.now - start).seconds) }
        }
        waits.sort()
        let place = { (share: Double) in waits[Int(Double(count - 1) * share)] }
        return #"{"median": \#(place(0.5)), "p99": \#(place(0.99)), "longest": \#(place(1))}"#
    }
}

/// Sweeps in a thread of their own, one behind the other, until they are stopped.
private final class BackgroundSweep: Sendable {
    private let token = CancellationToken()
    private let begun: DispatchSemaphore
    private let ended = DispatchSemaphore(value: 0)
    private let work: @Sendable (CancellationToken) throws -> Void

    init(_ explainer: OcclusionExplainer, pool: ComputePool, context: KernelContext) {
        let begun = DispatchSemaphore(value: 0)
        self.begun = begun
        work = { token in
            _ = try Sweep.run(explainer, pool: pool, priority: .background, token: token, context: context) {
                if $0.done == 1 { begun.signal() }
            }
        }
    }

    /// Returns when the first shard is done.
    func start() {
        let (token, ended, work) = (token, ended, work)
        let thread = Thread {
            while !token.isCancelled { try? work(token) }
            ended.signal()
        }
        thread.start()
        begun.wait()
    }

    /// Returns when the thread has ended.
    func stop() {
        token.cancel()
        ended.wait()
    }
}
