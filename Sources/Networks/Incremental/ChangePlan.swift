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
    /// The crops of each layer.
    let extents: [Extent]

    init(_ network: Network, _ plan: IncrementalPlan, input: [MapRectangle]) {
        var layers: [[MapRectangle]] = []
        for layer in network.layers {
            guard plan.roles[layer.index] == .cropped else {
                layers.append([])
                continue
            }
            layers.append(
                input.indices.map { change in
                    network.rectangle(of: layer) { source in
                        if case .layer(let index) = source { layers[index][change] } else { input[change] }
                    }
                })
        }
        var needs = layers
        var inputNeeds = input
        for layer in network.layers where plan.roles[layer.index] == .cropped {
            for source in layer.inputs {
                for change in input.indices {
                    let need = network.inputs(of: layers[layer.index][change], of: layer, from: source)
                    switch source {
                    case .input: inputNeeds[change] = inputNeeds[change].union(need)
                    case .layer(let index): needs[index][change] = needs[index][change].union(need)
                    }
                }
            }
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

    /// The most bytes that the crops of one change take at once, if they are as wide as those of another plan.
    func cropBytes(_ network: Network, _ plan: IncrementalPlan, widthsOf other: ChangePlan? = nil) -> Int {
        let other = other ?? self
        let float = MemoryLayout<Float>.size
        func bytes(of layer: Layer) -> Int {
            let channels = (layer.featureMaps + BlockedMaps.lanes - 1) / BlockedMaps.lanes * BlockedMaps.lanes
            return channels * extents[layer.index].height * other.extents[layer.index].width * float
        }
        var alive = network.inputShape[0] * inputExtent.height * other.inputExtent.width * float
        var most = alive
        for layer in network.layers where plan.roles[layer.index] != .whole {
            if plan.roles[layer.index] == .cropped { alive += bytes(of: layer) }
            most = max(most, alive)
            for index in plan.lastCroppedBy[layer.index] { alive -= bytes(of: network.layers[index]) }
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

extension Network {
    /// The rectangle of a layer that may change where rectangles of what it reads do.
    func rectangle(of layer: Layer, _ changed: (LayerInput) -> MapRectangle) -> MapRectangle {
        layer.inputs.reduce(.empty) { union, source in
            let size = size(of: source)
            return union.union(
                layer.operation.outputs(touching: changed(source), height: size.height, width: size.width))
        }
    }

    /// What a rectangle of a layer's outputs looks at in one of the values that it reads.
    func inputs(of rectangle: MapRectangle, of layer: Layer, from source: LayerInput) -> MapRectangle {
        guard let operation = layer.operation as? any CropOperation else {
            preconditionFailure("a rectangle of '\(layer.name)'")
        }
        let size = size(of: source)
        return operation.inputs(of: rectangle, height: size.height, width: size.width)
    }

    private func size(of source: LayerInput) -> (height: Int, width: Int) {
        switch source {
        case .input: (inputShape[1], inputShape[2])
        case .layer(let index): (layers[index].height, layers[index].width)
        }
    }
}
