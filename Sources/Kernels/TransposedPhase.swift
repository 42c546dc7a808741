import Tensors

/// One of the convolutions of stride 1 that make up the adjoint of a convolution, packed.
struct TransposedPhase: Sendable {
    let vertical: AxisPhase
    let horizontal: AxisPhase
    let filters: ConvolutionWeights.PackedFilters

    /// Rows of the result from one of the phase to the next.
    var strideY: Int { vertical.stride }
    /// Columns of the result from one of the phase to the next.
    var strideX: Int { horizontal.stride }

    var byteCount: Int {
        switch filters {
        case .general(let bank): bank.byteCount
        case .depthwise(let storage): storage.count * MemoryLayout<Float>.stride
        }
    }

    /// All phases of a convolution: one for each residue of the two strides.
    static func phases(of weights: ConvolutionWeights) -> [TransposedPhase] {
        let geometry = weights.geometry
        return (0..<geometry.strideY).flatMap { y in
            let vertical = AxisPhase(geometry.vertical, residue: y)
            return (0..<geometry.strideX).map { x in
                let horizontal = AxisPhase(geometry.horizontal, residue: x)
                return TransposedPhase(
                    vertical: vertical, horizontal: horizontal,
                    filters: pack(weights, rows: vertical.taps, columns: horizontal.taps))
            }
        }
    }

    private static func pack(
        _ weights: ConvolutionWeights, rows: [Int], columns: [Int]
    ) -> ConvolutionWeights.PackedFilters {
        switch weights.forward {
        case .general(let bank):
            let reader = ExchangedFilters(
                bank, outputsEach: weights.outputChannels / weights.groups,
                inputsEach: weights.inputChannels / weights.groups)
            return .general(
                FilterBank(
                    outputs: weights.inputChannels, inputs: weights.outputChannels, groups: weights.groups, rows: rows,
                    columns: columns, from: reader))
        case .depthwise(let filters):
            return .depthwise(pack(filters, weights, rows: rows, columns: columns))
        }
    }

    private static func pack(
        _ filters: AlignedStorage, _ weights: ConvolutionWeights, rows: [Int], columns: [Int]
    ) -> AlignedStorage {
        let lanes = BlockedMaps.lanes
        let (kernelWidth, blocks) = (weights.geometry.kernelWidth, weights.outputBlocks)
        let taps = weights.geometry.kernelHeight * kernelWidth
        let packed = AlignedStorage(count: blocks * rows.count * columns.count * lanes)
        var position = 0
        for block in 0..<blocks {
            for row in rows {
                for column in columns {
                    let tap = block * taps + row * kernelWidth + column
                    for lane in 0..<lanes {
                        // SAFETY: the loops write each packed weight once, and read blocks · taps · 16 at most.
                        unsafe packed.base[position] = filters.base[tap * lanes + lane]
                        position += 1
                    }
                }
            }
        }
        return packed
    }
}
