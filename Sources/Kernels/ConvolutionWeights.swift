import CKernels
import Concurrency
public import Tensors

/// A convolution's weights, packed once for the kernels; those of its adjoint at their first use.
public final class ConvolutionWeights: Sendable {
    /// Channels of the result.
    public let outputChannels: Int
    /// Channels of the source.
    public let inputChannels: Int
    /// Groups of neighbouring channels; each group of outputs reads its own group of inputs.
    public let groups: Int
    /// Kernel size, stride, dilation and padding.
    public let geometry: WindowGeometry

    /// Whether results are computed in tiles of 4×4, by Winograd's method; it follows from the weights alone.
    ///
    /// The bits of such a result depend on all that its tile looks at.
    public let isTiled: Bool
    /// Outputs on a side of a tile; tiles are counted from the map's corner.
    public static let tileSide = WinogradConvolution.side

    /// Input channels that are summed by themselves before these sums are added up.
    public var channelsSummedTogether: Int { isTiled ? Int(SB_TILE_CHAIN) : BlockedMaps.lanes }

    let forward: PackedFilters
    let bias: AlignedStorage
    private let adjointPhases = Guarded<[TransposedPhase]?>(nil)
    private let spreadFilters = Guarded<SpreadFilters?>(nil)

    /// How the filters are packed.
    enum PackedFilters: Sendable {
        case general(FilterBank)
        /// One filter a channel: [block][kernel row][kernel column][16].
        case depthwise(AlignedStorage)
    }

    /// Weights of shape [O, I / groups, kernel rows, kernel columns] and a bias of shape [O], 0 if there is none.
    ///
    /// A bias of −0 is taken for 0, which changes no result but the sign of a zero.
    public convenience init(weights: Tensor, bias: Tensor?, groups: Int = 1, geometry: WindowGeometry) {
        self.init(weights: weights, bias: bias, groups: groups, geometry: geometry, method: .byShape)
    }

    /// How results are computed.
    package enum Method: Sendable {
        /// In tiles where layers of this shape gain by it and all weights are finite.
        case byShape
        /// Each result by itself.
        case direct
        /// In tiles, if they can be.
        case tiled
    }

    /// The same, to be computed by this method.
    package init(weights: Tensor, bias: Tensor?, groups: Int = 1, geometry: WindowGeometry, method: Method) {
        let shape = weights.shape
        precondition(
            shape.rank == 4 && groups >= 1 && shape[0] > 0 && shape[1] > 0 && shape[0] % groups == 0
                && shape[2] == geometry.kernelHeight && shape[3] == geometry.kernelWidth,
            "weights of shape \(shape) in \(groups) groups for windows of "
                + "\(geometry.kernelHeight)×\(geometry.kernelWidth)")
        precondition(
            geometry.strideY >= 1 && geometry.strideX >= 1 && geometry.dilationY >= 1 && geometry.dilationX >= 1
                && geometry.padTop >= 0 && geometry.padLeft >= 0 && geometry.padBottom >= 0 && geometry.padRight >= 0,
            "a convolution of geometry \(geometry)")
        precondition(bias == nil || bias?.count == shape[0], "a bias of \(bias?.shape ?? []) for \(shape[0]) outputs")
        outputChannels = shape[0]
        inputChannels = shape[1] * groups
        self.groups = groups
        self.geometry = geometry
        if groups > 1 && groups == outputChannels && groups == inputChannels {
            forward = .depthwise(ConvolutionWeights.packDepthwise(weights))
            isTiled = false
        } else {
            let bank = ConvolutionWeights.pack(weights, groups: groups)
            forward = .general(bank)
            switch method {
            case .byShape:
                let suits = WinogradConvolution.suits(
                    outputs: outputChannels, inputs: inputChannels, groups: groups, geometry)
                isTiled = bank.isFinite && suits
            case .direct: isTiled = false
            case .tiled: isTiled = WinogradConvolution.fits(groups: groups, geometry)
            }
        }
        self.bias = ConvolutionWeights.pack(bias, outputs: outputChannels)
    }

    /// Bytes that the packed weights take, those of the adjoint included once they are there.
    public var byteCount: Int {
        let phases = adjointPhases.withLock { $0 }?.reduce(0) { $0 + $1.byteCount } ?? 0
        let spread = spreadFilters.withLock { $0?.storage.count ?? 0 } * MemoryLayout<Float>.stride
        let adjoint = phases + spread
        switch forward {
        case .general(let bank): return bank.byteCount + adjoint
        case .depthwise(let storage): return storage.count * MemoryLayout<Float>.stride + adjoint
        }
    }

    var outputBlocks: Int { (outputChannels + BlockedMaps.lanes - 1) / BlockedMaps.lanes }

    /// The convolutions that make up the adjoint, packed now if they are not yet.
    func adjoint() -> [TransposedPhase] {
        if let phases = adjointPhases.withLock({ $0 }) { return phases }
        // Two threads may both get here and pack the same; the first to finish is kept.
        let made = TransposedPhase.phases(of: self)
        return adjointPhases.withLock { phases in
            if let phases { return phases }
            phases = made
            return made
        }
    }

    /// The filters as the adjoint to few channels reads them, packed now if they are not yet.
    func spreading() -> SpreadFilters {
        if let filters = spreadFilters.withLock({ $0 }) { return filters }
        let made = SpreadFilters(self)
        return spreadFilters.withLock { filters in
            if let filters { return filters }
            filters = made
            return made
        }
    }

    private static func pack(_ weights: Tensor, groups: Int) -> FilterBank {
        let shape = weights.shape
        // SAFETY: the reader lives within the closure.
        return unsafe weights.withUnsafeValues { values in
            let reader = unsafe TensorFilters(
                values: values, outputsEach: shape[0] / groups, inputsEach: shape[1], kernelHeight: shape[2],
                kernelWidth: shape[3])
            return FilterBank(
                outputs: shape[0], inputs: shape[1] * groups, groups: groups, rows: Array(0..<shape[2]),
                columns: Array(0..<shape[3]), from: reader)
        }
    }

    private static func packDepthwise(_ weights: Tensor) -> AlignedStorage {
        let lanes = BlockedMaps.lanes
        let (channels, taps) = (weights.shape[0], weights.shape[2] * weights.shape[3])
        let packed = AlignedStorage(count: (channels + lanes - 1) / lanes * taps * lanes)
        // SAFETY: channel · taps + tap is below the tensor's count, and the packed index below that of whole blocks.
        unsafe weights.withUnsafeValues { values in
            for channel in 0..<channels {
                for tap in 0..<taps {
                    let index = (channel / lanes * taps + tap) * lanes + channel % lanes
                    unsafe packed.base[index] = values[channel * taps + tap]
                }
            }
        }
        return packed
    }

    static func pack(_ bias: Tensor?, outputs: Int) -> AlignedStorage {
        let lanes = BlockedMaps.lanes
        let packed = AlignedStorage(count: (outputs + lanes - 1) / lanes * lanes)
        if let bias {
            // SAFETY: the tensor has one value an output, and the packed bias room for whole blocks of them.
            for output in 0..<outputs { unsafe packed.base[output] = bias[flat: output] + 0 }
        }
        return packed
    }
}
