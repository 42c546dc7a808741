import Tensors

/// A convolution's filters in the order in which its adjoint to few channels reads them.
///
/// [block][output channel of the block][kernel row][kernel column][input channel], with zeros behind each kernel row up to
/// a multiple of 16, and 16 zeros before the first one.
struct SpreadFilters: Sendable {
    let storage: AlignedStorage
    /// Zeros before the first filter.
    let margin = BlockedMaps.lanes
    /// Floats of a kernel row, with and without the zeros.
    let rowFloats: Int
    let width: Int

    /// Those of a convolution in one group.
    init(_ weights: ConvolutionWeights) {
        guard case .general(let bank) = weights.forward, weights.groups == 1 else {
            preconditionFailure("the filters of \(weights.groups) groups to be spread")
        }
        let (lanes, geometry) = (BlockedMaps.lanes, weights.geometry)
        width = geometry.kernelWidth * weights.inputChannels
        rowFloats = (width + lanes - 1) / lanes * lanes
        storage = AlignedStorage(count: margin + weights.outputBlocks * lanes * geometry.kernelHeight * rowFloats)
        let reader = ExchangedFilters(bank, outputsEach: weights.outputChannels, inputsEach: weights.inputChannels)
        for output in 0..<weights.outputChannels {
            for row in 0..<geometry.kernelHeight {
                let start = margin + (output * geometry.kernelHeight + row) * rowFloats
                for column in 0..<geometry.kernelWidth {
                    for input in 0..<weights.inputChannels {
                        // SAFETY: the storage has rowFloats for each row of each output.
                        unsafe storage.base[start + column * weights.inputChannels + input] = reader.weight(
                            output: input, input: output, row: row, column: column)
                    }
                }
            }
        }
    }
}
