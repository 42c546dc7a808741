internal import Kernels

/// Signals of some units at one layer, each zero outside a rectangle of the layer's maps.
struct PartialSignal: Sendable {
    /// What is in the rectangles, or what it will be unpooled from; whatever there may be around them is not meant.
    let source: SignalCrops
    /// The rectangle of each unit, within the maps; empty where nothing arrives.
    let rectangles: [MapRectangle]

    init(_ crops: MapCrops, _ rectangles: [MapRectangle]) {
        (source, self.rectangles) = (.maps(crops), rectangles)
    }

    /// Signals behind a max pooling, which whoever can do so unpools as it reads them.
    init(pooled: PooledCrops) {
        (source, rectangles) = (.pooled(pooled), pooled.reached)
    }

    private init(_ source: SignalCrops, _ rectangles: [MapRectangle]) {
        (self.source, self.rectangles) = (source, rectangles)
    }

    /// What is in the rectangles.
    func crops(_ context: KernelContext) -> MapCrops { source.maps(context) }

    /// Signals at whole maps.
    init(whole maps: BlockedMaps) {
        self.init(MapCrops(whole: maps), Array(repeating: maps.whole, count: maps.images))
    }

    /// The signals of some of the units, without a copy.
    func part(_ range: Range<Int>) -> PartialSignal {
        PartialSignal(source.view(images: range), Array(rectangles[range]))
    }

    /// The sum of both.
    func adding(_ other: PartialSignal, _ context: KernelContext) -> PartialSignal {
        let made = Elementwise.add(crops(context), rectangles, other.crops(context), other.rectangles, context)
        return PartialSignal(made.sum, made.rectangles)
    }

    /// max(0, r).
    func rectified(_ context: KernelContext) -> PartialSignal {
        let crops = crops(context)
        let result = MapCrops(
            corners: crops.corners, channels: crops.channels, height: crops.height, width: crops.width,
            from: context.buffers)
        Elementwise.activate(crops, .relu, at: rectangles, into: result, context)
        return PartialSignal(result, rectangles)
    }
}

/// A layer whose adjoint takes rectangles of signals to rectangles.
protocol PartialAdjoint: LayerOperation {
    /// The signal at each of its inputs for a signal at its output, as ``LayerOperation/adjoint(_:_:_:)`` gives it; nil
    /// where this can be told of whole maps only.
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]?
}

extension ActivationLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        [signal]
    }
}

extension LocalResponseNormalizationLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        crossing.normalization == .identity ? [signal] : nil
    }
}

extension ConcatLayer: PartialAdjoint {
    func adjoint(_ signal: PartialSignal, _ crossing: LayerCrossing, _ context: KernelContext) -> [PartialSignal]? {
        guard isAligned else { return nil }
        let crops = signal.crops(context)
        return ranges.map { PartialSignal(crops.view(channels: $0), signal.rectangles) }
    }
}
