import CKernels
import Concurrency
import Tensors

/// A convolution by tiles of images that are like one image but for some blocks of channels.
///
/// A tile's sums of products are added up over chains of 64 channels, in a fixed order. Those of the base's chains are
/// computed once. Of an image only the chains with blocks of its own are, each from the first such block on: up to there it
/// is the base's. Then what the chains before and behind it came to is added in its place, and the sums are transformed back.
@safe
struct TiledReplacement {
    let x: ReplacedBlocks
    let changes: ReplacedChains
    let result: BlockedMaps
    /// All but the tiles and where they are transformed to.
    let parameters: sb_winograd
    /// How many chains there are.
    let chains: Int
    private let weights: ConvolutionWeights
    /// One image's tiles, and those that are computed together.
    private let tiles: [sb_tile]
    private let bands: [Range<Int>]

    /// Tiles that are computed together at most: the sums of their products by chains stay in the second-level cache.
    private static let bandTiles = 16
    /// Chains up to which they do.
    private static let bandChains = 8
    /// Floats of transformed inputs that are kept at a time, if they are of more tiles than are computed together.
    private static let mostFloats = 1 << 21
    /// Floats of a block of a tile, transformed.
    private static let tileFloats = Int(SB_TILE_PRODUCTS) * BlockedMaps.lanes

    init(
        _ x: ReplacedBlocks, _ weights: ConvolutionWeights, _ bank: FilterBank, _ tail: ActivationTail,
        _ result: BlockedMaps
    ) {
        let chain = Int(SB_TILE_CHAIN)
        chains = (weights.inputChannels + chain - 1) / chain
        (self.x, self.weights, self.result) = (x, weights, result)
        changes = ReplacedChains(x.places, images: x.images, chains: chains)
        // SAFETY: the image, the weights and the result are kept alive while it runs.
        unsafe parameters = WinogradConvolution.parameters(
            of: x.base.planes, weights, bank, tail, nil, result.planes)
        let whole = WinogradConvolution.Part(outputs: result.whole, source: 0, destination: 0)
        let tiles = WinogradConvolution.tiles(
            of: whole, weights.geometry, (x.base.height, x.base.width), source: x.base.planes, result: result.planes)
        let most = max(1, min(Self.bandTiles, Self.bandTiles * Self.bandChains / chains))
        let count = (tiles.count + most - 1) / most
        self.tiles = tiles
        bands = (0..<count).map { tiles.count * $0 / count..<tiles.count * ($0 + 1) / count }
    }

    /// The bytes that a block of maps with so many outputs takes at least, transformed.
    static func blockBytes(height: Int, width: Int) -> Int {
        let side = WinogradConvolution.side
        let tiles = ((height + side - 1) / side) * ((width + side - 1) / side)
        return min(tiles, bandTiles) * tileFloats * MemoryLayout<Float>.size
    }

    /// Computes all images, some of the tiles at a time.
    func run(_ context: KernelContext) {
        if x.images == 0 { return }
        let tileFloats = (x.base.blocks + x.places.count) * Self.tileFloats
        var first = 0
        while first < bands.count {
            var end = first + 1
            while end < bands.count, (bands[end].upperBound - bands[first].lowerBound) * tileFloats <= Self.mostFloats {
                end += 1
            }
            run(bands[first..<end], tileFloats: tileFloats, context)
            first = end
        }
        withExtendedLifetime((x, weights, result)) {}
    }

    /// Computes some bands of tiles: all threads transform what they read, and then take groups of outputs of each.
    private func run(_ bands: ArraySlice<Range<Int>>, tileFloats: Int, _ context: KernelContext) {
        let (start, bands) = (bands[bands.startIndex].lowerBound, Array(bands))
        let room = MapStorage(count: (bands[bands.count - 1].upperBound - start) * tileFloats, from: context.buffers)
        let blocks = x.base.blocks + x.places.count
        let group = Int(SB_TILE_GROUP)
        let groups = (result.blocks + group - 1) / group
        // SAFETY: the tiles live as long as the call; each band has its own part of the room.
        unsafe tiles.withUnsafeBufferPointer { tiles in
            let parts = bands.map { band in
                var parameters = unsafe self.parameters
                unsafe parameters.tiles = UnsafeBufferPointer(rebasing: tiles[band]).baseAddress
                unsafe parameters.tile_count = band.count
                unsafe parameters.transformed = room.floats.base + (band.lowerBound - start) * tileFloats
                return unsafe TiledBand(all: self, parameters: parameters)
            }
            context.team.forEach(parts.count * blocks) { index in
                parts[index / blocks].transform(index % blocks, context)
            }
            context.team.forEach(parts.count * groups) { index in
                let first = index / parts.count * group
                TiledPart(parts[index % parts.count], first..<min(result.blocks, first + group), context).compute()
            }
        }
        withExtendedLifetime(room) {}
    }
}

/// Some tiles of all images, whose inputs are transformed: the base's blocks, and then the images' own.
@safe
struct TiledBand {
    let all: TiledReplacement
    let parameters: sb_winograd

    /// The transformed inputs of a block: of the base, or from its last block on of the images.
    func inputs(_ block: Int) -> UnsafeMutablePointer<Float> {
        precondition(block >= 0 && block < all.x.base.blocks + all.x.places.count, "block \(block) is not there")
        // SAFETY: there is room for all blocks.
        guard let room = unsafe parameters.transformed else { preconditionFailure("tiles without room") }
        return unsafe room + block * parameters.tile_count * Int(SB_TILE_PRODUCTS) * BlockedMaps.lanes
    }

    /// Transforms such a block.
    func transform(_ block: Int, _ context: KernelContext) {
        let base = all.x.base
        // SAFETY: the planes are of the base's size, for which the tiles were made; each block has a place of its own.
        var parameters = unsafe self.parameters
        if block < base.blocks {
            unsafe parameters.source = UnsafePointer(base.planes.plane(block: block))
        } else {
            let place = all.changes.order[block - base.blocks]
            unsafe parameters.source = UnsafePointer(all.x.maps.planes.plane(image: place))
        }
        unsafe parameters.transformed = inputs(block)
        unsafe context.table.loops.pointee.chain_inputs(&parameters, 0, 1)
    }
}

// @unchecked because the pointers are read by all threads during one call, while the caller keeps what they point to
// alive, and each piece writes elements of its own.
extension TiledReplacement: @unchecked Sendable {}
extension TiledBand: @unchecked Sendable {}
