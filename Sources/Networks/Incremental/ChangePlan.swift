internal import Kernels
internal import Tensors

/// What several changes of the input can change in each layer, and how much of each layer's maps has to be at hand.
///
/// This is worked out from the geometry alone; what the numbers say can only be less.
struct ChangePlan: Sendable {
    /// Crops of one value: their size, and where they lie for each change.
    struct Extent: Sendable {
        var corners: [MapCorner]
        var height = 1
        var width = 1
    }

    /// The rectangles of the input.
    let input: [MapRectangle]
    /// The rectangles of each layer, none for one that is computed whole.
    let layers: [[MapRectangle]]
    /// The crops of the input.
    let inputExtent: Extent
    /// The crops of each layer; those of a layer that writes into its place in a concatenation are the concatenation's.
    let extents: [Extent]

    init(_ network: Network, _ plan: IncrementalPlan, input: [MapRectangle]) {
        var layers = [[MapRectangle]](repeating: [], count: network.layers.count)
        for step in plan.steps where step.operation != nil {
            layers[step.index] = input.indices.map { change in
                step.rectangle { source in
                    if case .layer(let index) = source { layers[index][change] } else { input[change] }
                }
            }
        }
        var needs = layers
        var inputNeeds = input
        for step in plan.steps where step.operation != nil {
            for source in step.sources {
                for change in input.indices {
                    let need = step.inputs(of: layers[step.index][change], from: source)
                    switch source.value {
                    case .input: inputNeeds[change] = inputNeeds[change].union(need)
                    case .layer(let index): needs[index][change] = needs[index][change].union(need)
                    }
                }
            }
        }
        // A layer comes before the concatenation that it writes into, which may be part of another.
        for step in plan.steps {
            guard let slot = step.slot else { continue }
            needs[slot.concat] = zip(needs[slot.concat], needs[step.index]).map { $0.union($1) }
        }
        for step in plan.steps.reversed() {
            if let slot = step.slot { needs[step.index] = needs[slot.concat] }
        }
        self.input = input
        self.layers = layers
        inputExtent = Extent(inputNeeds)
        extents = needs.map(Extent.init)
    }

    private init(_ whole: ChangePlan, _ range: Range<Int>) {
        input = Array(whole.input[range])
        layers = whole.layers.map { $0.isEmpty ? [] : Array($0[range]) }
        inputExtent = whole.inputExtent.part(range)
        extents = whole.extents.map { $0.part(range) }
    }

    /// The plan of some of the changes.
    func part(_ range: Range<Int>) -> ChangePlan { ChangePlan(self, range) }

    /// The layers of which rectangles are computed, as ranges of the plan's steps, cut into turns of no more work than `most`
    /// where a layer is no more.
    func turns(_ network: Network, _ plan: IncrementalPlan, most: Int) -> [Range<Int>] {
        var turns: [Range<Int>] = []
        var (first, sum) = (0, 0)
        for (number, step) in plan.steps.enumerated() {
            let own = work(of: step, network)
            if number > first && sum.saturatingAdd(own) > most {
                turns.append(first..<number)
                (first, sum) = (number, 0)
            }
            sum = sum.saturatingAdd(own)
        }
        return turns + [first..<plan.steps.count]
    }

    /// The work of the rectangles of a step's layer; none of the mean of maps.
    func work(of step: CropStep, _ network: Network) -> Int {
        let layer = network.layers[step.index]
        let positions = layers[step.index].reduce(0) { $0 + $1.rows.count * $1.columns.count }
        return positions.saturatingProduct(layer.work / (layer.height * layer.width))
    }

    /// The most bytes that the crops of one change take at once, if they are as wide as those of another plan.
    func cropBytes(_ network: Network, _ plan: IncrementalPlan, widthsOf other: ChangePlan? = nil) -> Int {
        let other = other ?? self
        let float = MemoryLayout<Float>.size
        func bytes(of index: Int) -> Int {
            let (maps, lanes) = (network.layers[index].featureMaps, BlockedMaps.lanes)
            return (maps + lanes - 1) / lanes * lanes * extents[index].height * other.extents[index].width * float
        }
        // Counted twice: the places in a concatenation are given back with the concatenation only.
        var alive = network.inputShape[0] * inputExtent.height * other.inputExtent.width * float
        var most = alive
        for step in plan.steps {
            if step.operation != nil { alive += bytes(of: step.index) }
            most = max(most, alive)
            for index in step.lastReads { alive -= bytes(of: index) }
        }
        return most
    }
}

extension ChangePlan.Extent {
    fileprivate init(_ needs: [MapRectangle]) {
        corners = needs.map { MapCorner(row: $0.rows.lowerBound, column: $0.columns.lowerBound) }
        height = max(1, needs.map(\.rows.count).max() ?? 1)
        width = max(1, needs.map(\.columns.count).max() ?? 1)
    }

    fileprivate func part(_ range: Range<Int>) -> ChangePlan.Extent {
        corners.isEmpty ? self : ChangePlan.Extent(corners: Array(corners[range]), height: height, width: width)
    }
}
