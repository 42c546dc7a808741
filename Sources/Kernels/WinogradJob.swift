import CKernels
import Concurrency
import Tensors

/// A convolution by tiles ready to run: the geometry in pointers and steps, and the tiles to compute.
@safe
struct WinogradJob {
    /// All but the tiles and where they are transformed to.
    let parameters: sb_winograd
    /// The tiles of all images.
    let tiles: [sb_tile]
    /// Blocks of output channels.
    let outputBlocks: Int

    /// Tiles whose sums of products a thread's second-level cache holds beside the filters of a chain; a multiple of the
    /// largest register tiles.
    private static let tilesAtOnce = 112
    /// Parts of the outputs for each thread at most, where all threads work on the same tiles.
    private static let partsEach = 8

    /// Runs it, split over the team's threads: by tiles where there are many, else by output channels.
    ///
    /// The pointers in the parameters must stay valid until the call returns.
    func run(_ context: KernelContext) {
        if tiles.isEmpty { return }
        let threads = context.team.threads
        let least = (tiles.count + Self.tilesAtOnce - 1) / Self.tilesAtOnce
        if least < threads {
            for part in 0..<least { runTogether(span(part, of: least), context) }
            return
        }
        let number = min(tiles.count, (least + threads - 1) / threads * threads)
        context.team.forEach(number) { part in
            run(span(part, of: number), context)
        }
    }

    /// Some tiles, of which one thread transforms some channels and then computes some outputs.
    private func runTogether(_ span: Range<Int>, _ context: KernelContext) {
        let threads = context.team.threads
        let group = Int(SB_TILE_GROUP)
        let groups = (outputBlocks + group - 1) / group
        let parts = threads == 1 ? 1 : min(groups, threads * Self.partsEach)
        with(span, context) { job in
            context.team.forEach(inputBlocks) { block in
                job.transform(block..<block + 1, context)
            }
            context.team.forEach(parts) { part in
                job.finish(
                    groups * part / parts * group..<min(outputBlocks, groups * (part + 1) / parts * group), context)
            }
        }
    }

    /// Some tiles on the calling thread.
    private func run(_ span: Range<Int>, _ context: KernelContext) {
        with(span, context) { job in
            job.transform(0..<inputBlocks, context)
            job.finish(0..<outputBlocks, context)
        }
    }

    private var inputBlocks: Int {
        // SAFETY: a number.
        unsafe (parameters.channels + BlockedMaps.lanes - 1) / BlockedMaps.lanes
    }

    private func span(_ part: Int, of parts: Int) -> Range<Int> {
        tiles.count * part / parts..<tiles.count * (part + 1) / parts
    }

    private func with(_ span: Range<Int>, _ context: KernelContext, _ body: (WinogradTiles) -> Void) {
        // SAFETY: the tiles and the room for them, as much as the C side says it takes, live as long as the call.
        unsafe tiles.withUnsafeBufferPointer { tiles in
            let room = MapStorage(
                count: sb_winograd_room(span.count, unsafe parameters.channels), from: context.buffers)
            var parameters = unsafe self.parameters
            unsafe parameters.tiles = UnsafeBufferPointer(rebasing: tiles[span]).baseAddress
            unsafe parameters.tile_count = span.count
            unsafe parameters.transformed = room.floats.base
            body(unsafe WinogradTiles(parameters: parameters))
            withExtendedLifetime(room) {}
        }
    }
}

/// Some tiles of a job under way.
@safe
private struct WinogradTiles {
    let parameters: sb_winograd

    /// Transforms some blocks of the tiles' channels.
    func transform(_ blocks: Range<Int>, _ context: KernelContext) {
        // SAFETY: what is read and written is the caller's; each block has a place of its own.
        var parameters = unsafe self.parameters
        unsafe context.table.loops.pointee.winograd_inputs(&parameters, blocks.lowerBound, blocks.upperBound)
    }

    /// Computes some output blocks of tiles that are transformed.
    func finish(_ blocks: Range<Int>, _ context: KernelContext) {
        // SAFETY: what is read and written is the caller's; the scratch has the floats that the C side says it takes.
        var parameters = unsafe self.parameters
        let scratch = MapStorage(count: sb_winograd_scratch(unsafe parameters.tile_count), from: context.buffers)
        unsafe context.table.loops.pointee.winograd_outputs(
            &parameters, scratch.floats.base, blocks.lowerBound, blocks.upperBound)
        withExtendedLifetime(scratch) {}
    }
}

// @unchecked because the pointers are read by all threads during one call, while the caller keeps what they point to
// alive, and each piece writes elements of its own.
extension WinogradJob: @unchecked Sendable {}
extension WinogradTiles: @unchecked Sendable {}
