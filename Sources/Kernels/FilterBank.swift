import CKernels
import Tensors

/// Where a packer gets weights from: those of one output channel, one input channel and one tap, or 0 outside a group.
protocol FilterReading {
    func weight(output: Int, input: Int, row: Int, column: Int) -> Float
}

/// Convolution weights in the order in which the kernels read them.
///
/// For each block of 16 output channels: [input block][kernel row][kernel column][input lane][16 output lanes], over the
/// input channels of the groups that the block touches, zero where a channel is of another group.
struct FilterBank: Sendable {
    /// Neighbouring output blocks that read the same input channels.
    struct Span: Sendable {
        let outputBlocks: Range<Int>
        let inputs: Range<Int>
        /// The first block's weights, in floats from the beginning.
        let offset: Int
        /// Floats of one output block.
        let blockFloats: Int
    }

    let spans: [Span]
    /// The kernel rows of the filters packed, in order.
    let rows: [Int]
    /// The kernel columns.
    let columns: [Int]
    let storage: AlignedStorage
    /// Whether no weight is infinite or NaN: then what is multiplied by zeros can be left out.
    let isFinite: Bool

    /// Packs the given kernel rows and columns of all filters, in that order.
    ///
    /// Output channels come in `groups` groups of neighbours, as do input channels, and each group reads its own.
    init(
        outputs: Int, inputs: Int, groups: Int, rows: [Int], columns: [Int], from reader: some FilterReading
    ) {
        let spans = FilterBank.spans(
            outputs: outputs, inputs: inputs, groups: groups, taps: rows.count * columns.count)
        let count = spans.reduce(0) { $0 + $1.outputBlocks.count * $1.blockFloats }
        let storage = AlignedStorage(count: count, zeroed: false)
        var position = 0
        for span in spans {
            for block in span.outputBlocks {
                for inputBlock in FilterBank.blocks(of: span.inputs) {
                    let channels = inputBlock.clamped(to: span.inputs)
                    for row in rows {
                        for column in columns {
                            for input in channels {
                                for output in block * BlockedMaps.lanes..<(block + 1) * BlockedMaps.lanes {
                                    let isThere = output < outputs
                                    // SAFETY: count is the sum of exactly these loops' lengths.
                                    unsafe storage.base[position] =
                                        isThere
                                        ? reader.weight(output: output, input: input, row: row, column: column) : 0
                                    position += 1
                                }
                            }
                        }
                    }
                }
            }
        }
        precondition(position == count, "packed \(position) weights of \(count)")
        self.spans = spans
        self.rows = rows
        self.columns = columns
        self.storage = storage
        // SAFETY: the storage holds `count` weights, all of them written above.
        isFinite = unsafe sb_all_finite(storage.base, count)
    }

    /// The blocks of 16 channels that hold some of these.
    private static func blocks(of channels: Range<Int>) -> [Range<Int>] {
        let lanes = BlockedMaps.lanes
        return (channels.lowerBound / lanes..<(channels.upperBound + lanes - 1) / lanes).map {
            $0 * lanes..<($0 + 1) * lanes
        }
    }

    private static func spans(outputs: Int, inputs: Int, groups: Int, taps: Int) -> [Span] {
        let lanes = BlockedMaps.lanes
        let (outputsEach, inputsEach) = (outputs / groups, inputs / groups)
        var spans: [Span] = []
        var offset = 0
        for block in 0..<(outputs + lanes - 1) / lanes {
            let first = block * lanes / outputsEach
            let last = (min(outputs, (block + 1) * lanes) - 1) / outputsEach
            let range = first * inputsEach..<(last + 1) * inputsEach
            let floats = range.count * taps * lanes
            if let open = spans.last, open.inputs == range {
                spans[spans.count - 1] = Span(
                    outputBlocks: open.outputBlocks.lowerBound..<block + 1, inputs: range, offset: open.offset,
                    blockFloats: floats)
            } else {
                spans.append(
                    Span(outputBlocks: block..<block + 1, inputs: range, offset: offset, blockFloats: floats))
            }
            offset += floats
        }
        return spans
    }

    var byteCount: Int { storage.count * MemoryLayout<Float>.stride }
}

/// Weights [O, I / groups, kernel rows, kernel columns] as a model file has them.
@safe
struct TensorFilters: FilterReading {
    /// Valid during the call that this reader is made for.
    let values: UnsafeBufferPointer<Float>
    let outputsEach: Int
    let inputsEach: Int
    let kernelHeight: Int
    let kernelWidth: Int

    func weight(output: Int, input: Int, row: Int, column: Int) -> Float {
        let group = output / outputsEach
        let within = input - group * inputsEach
        if within < 0 || within >= inputsEach { return 0 }
        let index = ((output * inputsEach + within) * kernelHeight + row) * kernelWidth + column
        // SAFETY: the index is not negative, as none of its parts is, and is checked here.
        let count = unsafe values.count
        precondition(index < count, "weight \(index) of \(count)")
        return unsafe values[index]
    }
}

/// The weights of a packed bank with inputs and outputs exchanged, for the adjoint.
struct ExchangedFilters: FilterReading {
    private let bank: FilterBank
    /// The span of each output block.
    private let spanOfBlock: [Int]
    private let outputsEach: Int
    private let inputsEach: Int

    init(_ bank: FilterBank, outputsEach: Int, inputsEach: Int) {
        self.bank = bank
        self.outputsEach = outputsEach
        self.inputsEach = inputsEach
        spanOfBlock = bank.spans.enumerated().flatMap { index, span in span.outputBlocks.map { _ in index } }
    }

    /// Here `output` is an input channel of the packed bank, and `input` an output channel.
    func weight(output: Int, input: Int, row: Int, column: Int) -> Float {
        if output / inputsEach != input / outputsEach { return 0 }
        let lanes = BlockedMaps.lanes
        let block = input / lanes
        let span = bank.spans[spanOfBlock[block]]
        let taps = bank.rows.count * bank.columns.count
        // The input block's weights begin after those of the channels before it.
        let blockStart = max(output / lanes * lanes, span.inputs.lowerBound)
        let blockEnd = min((output / lanes + 1) * lanes, span.inputs.upperBound)
        var index = span.offset + (block - span.outputBlocks.lowerBound) * span.blockFloats
        index += (blockStart - span.inputs.lowerBound) * taps * lanes
        index += ((row * bank.columns.count + column) * (blockEnd - blockStart) + output - blockStart) * lanes
        index += input % lanes
        precondition(index >= 0 && index < bank.storage.count, "weight \(index) of \(bank.storage.count)")
        // SAFETY: the index was checked above; the bank owns its storage.
        return unsafe bank.storage.base[index]
    }
}
