internal import Concurrency
public import Kernels
public import Tensors

/// A unit of a layer, and the value of the signal that starts there.
public struct UnitSeed: Hashable, Sendable {
    /// The feature map.
    public let featureMap: Int
    /// The row; 0 for a layer without positions.
    public let y: Int
    /// The column; 0 for a layer without positions.
    public let x: Int
    /// The value.
    public let value: Float

    /// A unit with this value.
    public init(featureMap: Int, y: Int, x: Int, value: Float) {
        (self.featureMap, self.y, self.x, self.value) = (featureMap, y, x, value)
    }
}

/// What has arrived at the network's input.
public struct ProjectedSignal: Sendable {
    /// The values: [C, H, W], signed, in the network's units.
    public let values: Tensor
    /// Outside this rectangle they are zero.
    public let rectangle: MapRectangle

    init(values: Tensor, rectangle: MapRectangle) {
        (self.values, self.rectangle) = (values, rectangle)
    }

    /// Values that may be anything anywhere.
    public init(values: Tensor) {
        let shape = values.shape
        self.init(values: values, rectangle: MapRectangle(rows: 0..<shape[1], columns: 0..<shape[2]))
    }
}

extension BackwardPass {
    /// What arrives at the input from each unit, with the bits of ``project(from:seed:trace:rules:context:)``.
    ///
    /// A unit's signal stays within what its receptive field covers of each layer, so no more than that is computed.
    /// Preconditions: the trace is of one image and reaches the layer; the layer has the units. Throws `activationRefused`
    /// before anything is computed.
    public static func project(
        from layer: Layer, units: [UnitSeed], trace: ForwardTrace, rules: some SignalRules, context: KernelContext
    ) throws(NetworksError) -> [ProjectedSignal] {
        precondition(trace.reaches(layer) && trace.images == 1, "units are projected through one image's trace")
        let network = trace.network
        try check(from: layer, in: network, rules: rules)
        let path = SignalPath(from: layer, trace: trace, rules: rules)
        let split = BatchSplit(images: units.count, threads: context.team.threads, most: unitsAtOnce)
        let made = try split.map(context) { (range, context) throws(NetworksError) in
            let seed = PartialSignal(units[range], at: layer, context)
            let run = PartialSignalRun(from: layer, seed: seed, path: path, context: context)
            return try finish(run, units: range.count, from: layer.index)
        }
        return Array(made.joined())
    }

    /// How many units one thread begins with together: their rectangles are small at first, and weights large.
    private static let unitsAtOnce = 64

    /// Takes units from a layer to the input; fewer at a time where they become too large.
    private static func finish(
        _ run: PartialSignalRun<some SignalRules>, units: Int, from first: Int
    ) throws(NetworksError) -> [ProjectedSignal] {
        var run = run
        for index in stride(from: first, through: 0, by: -1) {
            let most = run.unitsAtOnce(across: index)
            if most < units {
                var made: [ProjectedSignal] = []
                for start in stride(from: 0, to: units, by: most) {
                    let part = start..<min(units, start + most)
                    made += try finish(run.part(part), units: part.count, from: index)
                }
                return made
            }
            try run.cross(index)
        }
        return run.projected()
    }
}

extension PartialSignal {
    /// Signals of one position each.
    init(_ units: ArraySlice<UnitSeed>, at layer: Layer, _ context: KernelContext) {
        let rectangles = units.map { unit in
            precondition(
                unit.y >= 0 && unit.y < layer.height && unit.x >= 0 && unit.x < layer.width,
                "unit (\(unit.y), \(unit.x)) of '\(layer.name)'")
            return MapRectangle(rows: unit.y..<unit.y + 1, columns: unit.x..<unit.x + 1)
        }
        let seeds = units.map { unit in
            BlockedMaps.unit(
                channels: layer.featureMaps, height: 1, width: 1, channel: unit.featureMap, y: 0, x: 0,
                value: unit.value)
        }
        self.init(MapCrops(BlockedMaps.stacked(seeds), at: rectangles), rectangles)
    }
}
