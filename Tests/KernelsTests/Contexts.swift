import Concurrency
import Kernels

/// The variants of the kernels that can run on this processor, the scalar twin aside.
let fastVariants: [KernelVariant] = KernelVariant.allCases.filter {
    $0 != .scalar && KernelContext(variant: $0) != nil
}

/// A context on one thread.
func context(_ variant: KernelVariant) -> KernelContext {
    guard let context = KernelContext(variant: variant) else { preconditionFailure("\(variant) cannot run here") }
    return context
}

/// The plain loops that the others are held to.
let scalar = context(.scalar)

/// What the best kernels give.
let best = KernelContext()

/// Runs `body` with a team of that many threads on the best kernels.
func withThreads<Result>(_ threads: Int, _ body: (KernelContext) throws -> Result) throws -> Result {
    let pool = ComputePool(threads: threads)
    defer { pool.shutDown() }
    return try pool.turn(priority: .interactive, token: .never) { team in try body(best.with(team: team)) }
}
