import Concurrency
import Explainers
import Kernels

extension Explainer {
    /// The explanation, computed on the calling thread alone.
    func explanation(_ context: KernelContext = KernelContext()) throws -> Explanation {
        try explanation(shards: plan(), context)
    }

    /// The explanation, cut into these shards and put together in this order.
    func explanation(shards: [Shard], _ context: KernelContext = KernelContext()) throws -> Explanation {
        let groundwork = try prepare(context, passes: FreshPasses())
        return try merge(shards.map { try run($0, from: groundwork, context) }, from: groundwork)
    }

    /// The explanation, computed on a pool of its own.
    func explanation(threads: Int, _ context: KernelContext = KernelContext()) throws -> Explanation {
        let pool = ComputePool(threads: threads)
        defer { pool.shutDown() }
        return try Sweep.run(self, pool: pool, context: context)
    }
}
