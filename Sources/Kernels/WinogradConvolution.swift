import CKernels
import Tensors

/// Convolutions of 3×3 and stride 1 in tiles of 4×4 outputs, with a quarter of the multiplications.
///
/// The tiles lie on one grid, whose corner is the map's first output, so that an output has the same bits wherever its tile
/// is computed; `CKernelsWinograd.h` states the order of all sums. A change of one input changes the bits of all outputs
/// of the tiles that look at it.
enum WinogradConvolution {
    /// Outputs on a side of a tile.
    static let side = Int(SB_TILE_OUTPUTS)

    /// Input and output channels from which on it is used: below, transforming takes what it saves.
    private static let leastInputs = 64
    private static let leastOutputs = 64
    /// How many times as many outputs as inputs make transforming inputs a small part of the time.
    private static let widening = 4
    /// Input channels with which it is used there, besides `leastInputs` and more.
    ///
    /// Such layers come early in networks, where maps have many tiles; those between gain little.
    private static let narrowInputs = 16...32

    /// Whether layers of these weights gain by it, going by their shape alone: whole maps and parts of them, one image and
    /// many must be computed alike.
    ///
    /// Other layers with more outputs than inputs do without: where all layers behind each other are in tiles, what a change
    /// reaches grows by as much as is saved.
    static func suits(outputs: Int, inputs: Int, groups: Int, _ geometry: WindowGeometry) -> Bool {
        if !fits(groups: groups, geometry) || outputs < leastOutputs { return false }
        if inputs >= leastInputs && outputs <= inputs { return true }
        return outputs >= widening * inputs && (narrowInputs.contains(inputs) || inputs >= leastInputs)
    }

    /// Whether such convolutions can be computed so at all.
    static func fits(groups: Int, _ geometry: WindowGeometry) -> Bool {
        geometry.kernelHeight == 3 && geometry.kernelWidth == 3 && geometry.strideY == 1 && geometry.strideX == 1
            && geometry.dilationY == 1 && geometry.dilationX == 1 && groups == 1
    }

    /// The outputs wanted of one image, and where its maps lie.
    struct Part {
        /// In positions of the whole map; any rectangle.
        let outputs: MapRectangle
        /// Floats to the map's first position from the beginning of source, destination and addend, negative where that
        /// is not there.
        let source: Int
        let destination: Int
        var addend = 0
    }

    /// Computes parts of the outputs.
    ///
    /// `source` and `result` have the rows that the parts are in, `size` is that of the whole maps read. The caller sees to
    /// it that what the parts' tiles look at is there, as far as it is within the map, and keeps all of it alive.
    static func run(
        _ parts: [Part], of source: MapPlanes, size: (height: Int, width: Int), _ weights: ConvolutionWeights,
        _ bank: FilterBank, _ tail: ActivationTail, _ addend: BlockedMaps?, _ result: MapPlanes,
        _ context: KernelContext
    ) {
        let tiles = parts.flatMap { Self.tiles(of: $0, weights.geometry, size, source: source, result: result) }
        // SAFETY: the caller keeps all of it alive.
        let parameters = unsafe Self.parameters(of: source, weights, bank, tail, addend, result)
        unsafe WinogradJob(parameters: parameters, tiles: tiles, outputBlocks: result.blocks).run(context)
    }

    /// All but the tiles, and the room that they take.
    static func parameters(
        of source: MapPlanes, _ weights: ConvolutionWeights, _ bank: FilterBank, _ tail: ActivationTail,
        _ addend: BlockedMaps?, _ result: MapPlanes
    ) -> sb_winograd {
        precondition(source.lanes == BlockedMaps.lanes && bank.spans.count == 1, "tiles of maps that are not in blocks")
        // SAFETY: the caller keeps all of it alive.
        var parameters = unsafe sb_winograd(
            source: source.plane(), weights: bank.storage.base, bias: weights.bias.base, addend: nil,
            destination: result.plane(), tiles: nil, transformed: nil, tile_count: 0,
            source_row: source.width * source.lanes, source_block: source.planeFloats,
            destination_row: result.width * BlockedMaps.lanes, destination_block: result.planeFloats, addend_block: 0,
            weights_block: bank.spans[0].blockFloats, channels: weights.inputChannels, low: tail.bounds.low,
            high: tail.bounds.high)
        if let addend {
            unsafe parameters.addend = UnsafePointer(addend.planes.plane())
            unsafe parameters.addend_block = addend.planes.planeFloats
        }
        return unsafe parameters
    }

    /// The tiles that a part's outputs are in.
    static func tiles(
        of part: Part, _ geometry: WindowGeometry, _ size: (height: Int, width: Int), source: MapPlanes,
        result: MapPlanes
    ) -> [sb_tile] {
        if part.outputs.isEmpty { return [] }
        let lanes = BlockedMaps.lanes
        let (sourceRow, resultRow) = (source.width * lanes, result.width * lanes)
        let rows = axis(part.outputs.rows, pad: geometry.padTop, size: size.height)
        let columns = axis(part.outputs.columns, pad: geometry.padLeft, size: size.width)
        return rows.flatMap { row in
            columns.map { column in
                sb_tile(
                    source: part.source + row.input * sourceRow + column.input * lanes,
                    destination: part.destination + row.output * resultRow + column.output * lanes,
                    addend: part.addend + row.output * resultRow + column.output * lanes,
                    first_row: row.inputs.lowerBound, end_row: row.inputs.upperBound,
                    first_column: column.inputs.lowerBound, end_column: column.inputs.upperBound,
                    first_output_row: row.outputs.lowerBound, end_output_row: row.outputs.upperBound,
                    first_output_column: column.outputs.lowerBound, end_output_column: column.outputs.upperBound)
            }
        }
    }

    /// A tile along one axis.
    private struct Place {
        /// Its first input and output, as positions of the maps.
        let input: Int
        let output: Int
        /// Those of its inputs that are within the map, and those of its outputs that are wanted.
        let inputs: Range<UInt8>
        let outputs: Range<UInt8>
    }

    private static func axis(_ outputs: Range<Int>, pad: Int, size: Int) -> [Place] {
        (outputs.lowerBound / side...(outputs.upperBound - 1) / side).map { tile in
            let (output, input) = (tile * side, tile * side - pad)
            return Place(
                input: input, output: output, inputs: (0..<size).within(input, SB_TILE_INPUTS),
                outputs: outputs.within(output, SB_TILE_OUTPUTS))
        }
    }
}

extension Range<Int> {
    /// The part of these positions among the `count` from `first` on, counted from there.
    fileprivate func within(_ first: Int, _ count: Int32) -> Range<UInt8> {
        let part = clamped(to: first..<first + Int(count))
        return UInt8(part.lowerBound - first)..<UInt8(part.upperBound - first)
    }
}

extension WinogradConvolution.Part {
    /// All outputs of all images.
    static func wholeMaps(of result: BlockedMaps, from source: MapPlanes, adding addend: BlockedMaps?)
        -> [WinogradConvolution.Part]
    {
        (0..<result.images).map { image in
            WinogradConvolution.Part(
                outputs: result.whole, source: image * source.imageStep,
                destination: image * result.planes.imageStep, addend: image * (addend?.planes.imageStep ?? 0))
        }
    }
}
