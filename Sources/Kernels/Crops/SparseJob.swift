import CKernels
import Concurrency
import Tensors

// SAFETY: the parameters' pointers are read here alone, and passed on to the kernel with a room of the call's own; who
// makes a job keeps what they point to alive, and has checked that the patches lie within it. Tiles are parts of a patch.

/// A part of some sparse convolutions that read the same positions, such as the phases of a stride: some patches of outputs
/// of each, and the output blocks that are computed of them.
@safe
struct SparseJob {
    /// Of each convolution, all but the patches and the room.
    let parameters: [sb_sparse_convolution]
    /// Of each convolution the same number of patches, which read the same positions.
    let patches: [[sb_patch]]
    /// What is read in the place of a source, if there is none.
    let pooled: PooledCrops?
    let blocks: Range<Int>

    /// Runs jobs whose results do not overlap on the team's threads.
    ///
    /// The pointers in the parameters must stay valid until the call returns.
    static func run(_ jobs: [SparseJob], _ context: KernelContext) {
        context.team.forEach(jobs.count) { jobs[$0].compute(context) }
    }

    /// Pixels of one convolution of a job, times taps: so many that their lists stay in the second-level cache.
    private static let listed = 2304

    /// The job for some patches of each convolution, cut into pieces that have room, for all threads of the team.
    static func pieces(
        _ parameters: [sb_sparse_convolution], _ patches: [[sb_patch]], of pooled: PooledCrops?, blocks: Range<Int>,
        _ context: KernelContext
    ) -> [SparseJob] {
        let taps = unsafe parameters.map { unsafe $0.kernel_rows * $0.kernel_columns }.max() ?? 1
        let most = max(8, listed / max(1, taps))
        let tiles = patches[0].indices.flatMap { patch in
            unsafe sb_patch.tiles(patches.map { $0[patch] }, most: most, parameters)
        }
        var groups: [[[sb_patch]]] = []
        var pixels = most + 1
        for tile in tiles {
            let more = tile.map(\.pixels).max() ?? 0
            if pixels + more > most {
                groups.append([])
                pixels = 0
            }
            groups[groups.count - 1].append(tile)
            pixels += more
        }
        // Each piece gathers its lists anew, so that there should be no more of them than keep the threads busy.
        let threads = context.team.threads
        let wanted =
            groups.count.isMultiple(of: threads)
            ? 1 : groups.count == 1 ? threads : (threads * 2 + groups.count - 1) / groups.count
        let parts = min(wanted, max(1, blocks.count / 2))
        return groups.flatMap { group in
            let patches = patches.indices.map { convolution in group.map { $0[convolution] } }
            return (0..<parts).map { part in
                let first = blocks.lowerBound + blocks.count * part / parts
                let end = blocks.lowerBound + blocks.count * (part + 1) / parts
                return unsafe SparseJob(parameters: parameters, patches: patches, pooled: pooled, blocks: first..<end)
            }
        }
    }

    private func compute(_ context: KernelContext) {
        let lanes = BlockedMaps.lanes
        let positions = patches[0].reduce(0) { $0 + $1.source_rows * $1.source_columns }
        let longest = pooled == nil ? 0 : patches[0].reduce(0) { max($0, $1.source_columns) }
        let pixels = patches.map { $0.reduce(0) { $0 + $1.pixels } }
        let steps = unsafe zip(parameters, pixels).map { unsafe $0.kernel_rows * $0.kernel_columns * $1 }.max() ?? 0
        var room = SparseRoom(
            floats: [longest * lanes, (positions + 1) * lanes, (steps + 1) * lanes],
            numbers: [(positions + 1) * lanes, (steps + 1) * lanes, 2 * (positions + 1)],
            integers: pixels.map { 4 * $0 + 1 }, context)
        // SAFETY: the room has what the kernel asks for, of this call alone; the patches lie within source and
        // destination, as who made them has checked.
        unsafe withPatches { patches, signals in
            var shared = unsafe sb_sparse_convolution()
            unsafe shared.row_values = room.floats()
            unsafe shared.position_values = room.floats()
            unsafe shared.pixel_values = room.floats()
            unsafe shared.position_numbers = room.numbers()
            unsafe shared.pixel_steps = room.numbers()
            unsafe shared.position_starts = room.starts()
            var first = patches.baseAddress
            let parameters = unsafe self.parameters.map { parameters in
                var made = unsafe parameters
                unsafe (made.patches, made.count) = (first, self.patches[0].count)
                unsafe first = first.map { unsafe $0 + self.patches[0].count }
                unsafe made.pooled = signals.baseAddress
                unsafe (made.row_values, made.position_values) = (shared.row_values, shared.position_values)
                unsafe (made.pixel_values, made.position_numbers) = (shared.pixel_values, shared.position_numbers)
                unsafe (made.pixel_steps, made.position_starts) = (shared.pixel_steps, shared.position_starts)
                unsafe made.pixels = room.integers()
                return unsafe made
            }
            unsafe parameters.withUnsafeBufferPointer { convolutions in
                guard let base = convolutions.baseAddress else { return }
                unsafe context.table.loops.pointee.convolve_sparse(
                    base, convolutions.count, blocks.lowerBound, blocks.upperBound)
            }
        }
        withExtendedLifetime((room, pooled)) {}
    }

    /// The patches of all convolutions, one convolution's after another's, and of each the signal that is read in the place
    /// of a source, if there is none.
    private func withPatches(
        _ body: (UnsafeBufferPointer<sb_patch>, UnsafeBufferPointer<sb_pooled>) -> Void
    ) {
        guard let pooled else {
            unsafe Array(patches.joined()).withUnsafeBufferPointer {
                unsafe body($0, UnsafeBufferPointer(start: nil, count: 0))
            }
            return
        }
        let signals = unsafe patches[0].map { unsafe pooled.signal(image: $0.pooled) }
        var numbered = Array(patches.joined())
        for index in numbered.indices { numbered[index].pooled = index % patches[0].count }
        unsafe numbered.withUnsafeBufferPointer { patches in
            unsafe signals.withUnsafeBufferPointer { unsafe body(patches, $0) }
        }
    }
}

// @unchecked because the pointers are read by all threads during one call, while the caller keeps what they point to
// alive, and each job writes elements of its own.
extension SparseJob: @unchecked Sendable {}

/// Room for a sparse convolution's lists, from the pool: each part begins at a cache line, and nobody sees it as anything
/// else while it is in use.
@safe
private struct SparseRoom {
    let storage: MapStorage
    private var next = 0
    private let ends: [Int]

    init(floats: [Int], numbers: [Int], integers: [Int], _ context: KernelContext) {
        var end = 0
        var ends: [Int] = []
        // In floats: two numbers of 16 bits are one, and one integer is two.
        for count in floats + numbers.map({ ($0 + 1) / 2 }) + integers.map({ $0 * 2 }) {
            ends.append(end)
            end += (count + BlockedMaps.lanes - 1) / BlockedMaps.lanes * BlockedMaps.lanes
        }
        self.ends = ends
        storage = MapStorage(count: end, from: context.buffers)
    }

    private mutating func part() -> UnsafeMutablePointer<Float> {
        defer { next += 1 }
        // SAFETY: the storage was made to hold all parts.
        return unsafe storage.floats.base + ends[next]
    }

    mutating func floats() -> UnsafeMutablePointer<Float> { unsafe part() }

    mutating func numbers() -> UnsafeMutablePointer<UInt16> {
        unsafe UnsafeMutableRawPointer(part()).assumingMemoryBound(to: UInt16.self)
    }

    mutating func starts() -> UnsafeMutablePointer<Int32> {
        unsafe UnsafeMutableRawPointer(part()).assumingMemoryBound(to: Int32.self)
    }

    mutating func integers() -> UnsafeMutablePointer<Int> {
        unsafe UnsafeMutableRawPointer(part()).assumingMemoryBound(to: Int.self)
    }
}
