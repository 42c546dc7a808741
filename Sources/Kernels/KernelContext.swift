public import Concurrency

/// What every kernel call carries along: which instructions, whose buffers, and the threads to compute on.
public struct KernelContext: Sendable {
    /// The instructions in use; the results do not depend on them.
    public let instructionSet: InstructionSet
    /// Where results and intermediate buffers come from.
    public let buffers: BufferPool
    /// The threads that share the work; the results do not depend on them.
    public let team: ComputeTeam
    /// What stops the work: a kernel runs to its end, and whoever calls several asks between them.
    public let token: CancellationToken

    let table: KernelTable

    /// A context of these parts that nothing stops; the instruction set must be available on this processor.
    public init(
        instructionSet: InstructionSet = .best, buffers: BufferPool = BufferPool(), team: ComputeTeam = .single
    ) {
        guard let table = KernelTable(instructionSet.variant) else {
            preconditionFailure("this processor cannot run \(instructionSet.rawValue) kernels")
        }
        self.init(instructionSet: instructionSet, buffers: buffers, team: team, token: .never, table: table)
    }

    /// A context on any variant, for tests; nil where it cannot run.
    package init?(variant: KernelVariant, buffers: BufferPool = BufferPool(), team: ComputeTeam = .single) {
        guard let table = KernelTable(variant) else { return nil }
        self.init(instructionSet: .scalar, buffers: buffers, team: team, token: .never, table: table)
    }

    private init(
        instructionSet: InstructionSet, buffers: BufferPool, team: ComputeTeam, token: CancellationToken,
        table: KernelTable
    ) {
        self.instructionSet = instructionSet
        self.buffers = buffers
        self.team = team
        self.token = token
        self.table = table
    }

    /// The same context with other threads.
    public func with(team: ComputeTeam) -> KernelContext {
        KernelContext(instructionSet: instructionSet, buffers: buffers, team: team, token: token, table: table)
    }

    /// The same context for work that the token stops.
    public func with(token: CancellationToken) -> KernelContext {
        KernelContext(instructionSet: instructionSet, buffers: buffers, team: team, token: token, table: table)
    }
}
