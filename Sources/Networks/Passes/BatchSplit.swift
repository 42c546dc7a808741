internal import Concurrency
internal import Kernels

/// How a batch is shared out: images go to threads a few at a time, and what is left over is computed by all together.
///
/// Threads that have images of their own need not wait for each other at every layer, and a few images at a time leave
/// the activations in the cache. The numbers do not depend on it.
package struct BatchSplit: Hashable, Sendable {
    /// The images that one thread computes at a time.
    package let chunks: [Range<Int>]
    /// The images that all threads compute together, as many at a time as there is not a thread each for, or as many as
    /// all threads together have at a time.
    package let rest: [Range<Int>]

    /// A split of so many images among so many threads, at most `most` of them for each thread at a time.
    ///
    /// `together`: all threads compute the same images, which is for layers that gain by many images more than they lose by
    /// waiting.
    package init(images: Int, threads: Int, most: Int, together: Bool = false) {
        precondition(images > 0 && threads > 0 && most > 0, "\(images) images, \(threads) threads, \(most) at a time")
        if together {
            let rounds = (images + most * threads - 1) / (most * threads)
            chunks = []
            rest = (0..<rounds).map { images * $0 / rounds..<images * ($0 + 1) / rounds }
            return
        }
        let shared = images - images % threads
        rest = shared < images ? [shared..<images] : []
        guard shared > 0 else {
            chunks = []
            return
        }
        let rounds = (shared / threads + most - 1) / most
        let count = threads * rounds
        chunks = (0..<count).map { shared * $0 / count..<shared * ($0 + 1) / count }
    }

    /// What `body` makes of each chunk and of the rest, in order.
    ///
    /// Every chunk is computed; then the error of the first that failed is thrown.
    func map<Made: Sendable, Failure: Error>(
        _ context: KernelContext, _ body: @Sendable (Range<Int>, KernelContext) throws(Failure) -> Made
    ) throws(Failure) -> [Made] {
        let alone = context.with(team: .single)
        let results = Guarded([Result<Made, Failure>?](repeating: nil, count: chunks.count))
        context.team.forEach(chunks.count) { part in
            let result: Result<Made, Failure>
            do throws(Failure) {
                result = .success(try body(chunks[part], alone))
            } catch {
                result = .failure(error)
            }
            results.withLock { $0[part] = result }
        }
        var made: [Made] = []
        for case let result? in results.withLock({ $0 }) { made.append(try result.get()) }
        for images in rest { made.append(try body(images, context)) }
        return made
    }
}
