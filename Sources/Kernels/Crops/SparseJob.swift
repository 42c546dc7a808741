import CKernels
import Concurrency
import Tensors

// SAFETY: the parameters' pointers are read here alone, and passed on to the kernel with a room of the call's own; who
// makes a job keeps what they point to alive, and has checked that the patches lie within it. Tiles are parts of a patch.

/// A part of a sparse convolution: some patches of outputs, and the output blocks that are computed of them.
@safe
struct SparseJob {
    /// All but the patches and the room.
    let parameters: sb_sparse_convolution
    let patches: [sb_patch]
    /// What is read in the place of a source, if there is none.
    let pooled: PooledCrops?
    let blocks: Range<Int>

    /// Runs jobs whose results do not overlap on the team's threads.
    ///
    /// The pointers in the parameters must stay valid until the call returns.
    static func run(_ jobs: [SparseJob], _ context: KernelContext) {
        context.team.forEach(jobs.count) { jobs[$0].compute(context) }
    }

    /// Pixels of a job, times taps: so many that their lists stay in the second-level cache.
    private static let listed = 2304

    /// The job for some patches, cut into pieces that have room, for all threads of the team.
    static func pieces(
        _ parameters: sb_sparse_convolution, _ patches: [sb_patch], of pooled: PooledCrops?, blocks: Range<Int>,
        _ context: KernelContext
    ) -> [SparseJob] {
        let most = unsafe max(8, listed / max(1, parameters.kernel_rows * parameters.kernel_columns))
        var groups: [[sb_patch]] = [[]]
        var pixels = 0
        for tile in patches.flatMap({ unsafe $0.tiles(most, parameters) }) {
            if pixels > 0 && pixels + tile.pixels > most {
                groups.append([])
                pixels = 0
            }
            groups[groups.count - 1].append(tile)
            pixels += tile.pixels
        }
        // Each piece gathers its lists anew, so that there should be no more of them than keep the threads busy.
        let threads = context.team.threads
        let wanted =
            threads == 1 ? 1 : groups.count == 1 ? threads : (threads * 2 + groups.count - 1) / groups.count
        let parts = min(wanted, max(1, blocks.count / 2))
        return groups.flatMap { group in
            (0..<parts).map { part in
                let first = blocks.lowerBound + blocks.count * part / parts
                let end = blocks.lowerBound + blocks.count * (part + 1) / parts
                return unsafe SparseJob(parameters: parameters, patches: group, pooled: pooled, blocks: first..<end)
            }
        }
    }

    private func compute(_ context: KernelContext) {
        var parameters = unsafe self.parameters
        let taps = unsafe parameters.kernel_rows * parameters.kernel_columns
        let lanes = BlockedMaps.lanes
        let positions = patches.reduce(0) { $0 + $1.source_rows * $1.source_columns }
        let pixels = patches.reduce(0) { $0 + $1.pixels }
        let longest = pooled == nil ? 0 : patches.reduce(0) { max($0, $1.source_columns) }
        var room = SparseRoom(
            floats: [longest * lanes, (positions + 1) * lanes, (pixels * taps + 1) * lanes],
            numbers: [(positions + 1) * lanes, (pixels * taps + 1) * lanes, 2 * (positions + 1)],
            integers: 4 * pixels + 1, context)
        // SAFETY: the room has what the kernel asks for, of this call alone; the patches lie within source and
        // destination, as who made them has checked.
        unsafe withPatches { patches, signals in
            unsafe (parameters.patches, parameters.count) = (patches.baseAddress, patches.count)
            unsafe parameters.pooled = signals.baseAddress
            unsafe parameters.row_values = room.floats()
            unsafe parameters.position_values = room.floats()
            unsafe parameters.pixel_values = room.floats()
            unsafe parameters.position_numbers = room.numbers()
            unsafe parameters.pixel_steps = room.numbers()
            unsafe parameters.position_starts = room.starts()
            unsafe parameters.pixels = room.integers()
            unsafe context.table.loops.pointee.convolve_sparse(&parameters, blocks.lowerBound, blocks.upperBound)
        }
        withExtendedLifetime((room, pooled)) {}
    }

    /// The patches, and of each the signal that is read in the place of a source, if there is none.
    private func withPatches(
        _ body: (UnsafeBufferPointer<sb_patch>, UnsafeBufferPointer<sb_pooled>) -> Void
    ) {
        guard let pooled else {
            unsafe patches.withUnsafeBufferPointer { unsafe body($0, UnsafeBufferPointer(start: nil, count: 0)) }
            return
        }
        let signals = unsafe patches.map { unsafe pooled.signal(image: $0.pooled) }
        var numbered = patches
        for index in numbered.indices { numbered[index].pooled = index }
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

    init(floats: [Int], numbers: [Int], integers: Int, _ context: KernelContext) {
        var end = 0
        var ends: [Int] = []
        // In floats: two numbers of 16 bits are one, and one integer is two.
        for count in floats + numbers.map({ ($0 + 1) / 2 }) + [integers * 2] {
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

extension sb_patch {
    var pixels: Int { rows * columns }

    /// The patch in tiles of at most so many pixels, each with the positions that it reads.
    fileprivate func tiles(_ most: Int, _ parameters: sb_sparse_convolution) -> [sb_patch] {
        if pixels <= most { return [self] }
        let width = min(columns, most, 32)
        let height = max(1, most / width)
        return stride(from: 0, to: rows, by: height).flatMap { row in
            stride(from: 0, to: columns, by: width).map { column in
                unsafe tile(
                    rows: row..<min(rows, row + height), columns: column..<min(columns, column + width), parameters)
            }
        }
    }

    private func tile(rows: Range<Int>, columns: Range<Int>, _ parameters: sb_sparse_convolution) -> sb_patch {
        let (tapRows, tapColumns) = unsafe (
            (parameters.kernel_rows - 1) * parameters.tap_row, (parameters.kernel_columns - 1) * parameters.tap_column
        )
        let reads = (
            rows: (top + rows.lowerBound..<top + rows.upperBound + tapRows).clamped(to: 0..<source_rows),
            columns: (left + columns.lowerBound..<left + columns.upperBound + tapColumns)
                .clamped(to: 0..<source_columns)
        )
        let (sourceRow, rowStep, columnStep) = unsafe (
            parameters.source_row, parameters.destination_row, parameters.destination_column
        )
        return sb_patch(
            source: source + reads.rows.lowerBound * sourceRow + reads.columns.lowerBound * BlockedMaps.lanes,
            source_rows: reads.rows.count, source_columns: reads.columns.count,
            destination: destination + rows.lowerBound * rowStep + columns.lowerBound * columnStep, rows: rows.count,
            columns: columns.count, top: top + rows.lowerBound - reads.rows.lowerBound,
            left: left + columns.lowerBound - reads.columns.lowerBound, pooled: pooled,
            map_row: map_row + reads.rows.lowerBound, map_column: map_column + reads.columns.lowerBound)
    }
}
