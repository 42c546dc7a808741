internal import Kernels
internal import Tensors

/// Some changes on their way through the layers of which rectangles are computed.
struct CropRun {
    /// The parts of a value that are at hand.
    private struct Held {
        let crops: MapCrops
        /// What of each crop has been computed or filled in.
        var there: [MapRectangle]
    }

    /// The input in the form of a kind of layer, beside those of the layers.
    private enum InputForm: Hashable {
        case pixels, blocked
    }

    private let pass: IncrementalPass
    private let plan: ChangePlan
    private let values: [[Float]]
    private let context: KernelContext
    private var held: [Held?]
    private var inputs: [InputForm: Held] = [:]
    /// What has changed in each layer; empty for a layer computed whole.
    private var changed: [[MapRectangle]]

    init(_ pass: IncrementalPass, _ plan: ChangePlan, values: [[Float]], context: KernelContext) {
        (self.pass, self.plan, self.values, self.context) = (pass, plan, values, context)
        held = Array(repeating: nil, count: pass.network.layers.count)
        changed = Array(repeating: [], count: pass.network.layers.count)
    }

    /// Computes all such layers; what the tail reads of them goes to `handedOver`, maps of as many images by layer.
    ///
    /// Returns the sum of one feature map for each image, if its layer is one of these.
    mutating func run(summing: FeatureMapSum?, handedOver: [Int: BlockedMaps]) -> [Float] {
        var sums: [Float] = []
        for layer in pass.network.layers {
            switch pass.plan.roles[layer.index] {
            case .whole: continue
            case .pooled:
                if let place = handedOver[layer.index] {
                    Elementwise.copy(average(of: layer), into: place, context)
                }
            case .cropped:
                compute(layer)
                if let place = handedOver[layer.index], let crops = held[layer.index]?.crops {
                    crops.inserted(
                        changed[layer.index], into: pass.trace.activation(layer), result: place, context)
                }
                if let summing, summing.layer == layer.index { sums = self.sums(of: layer, map: summing.featureMap) }
            }
            for index in pass.plan.lastCroppedBy[layer.index] { held[index] = nil }
        }
        return sums
    }

    private mutating func compute(_ layer: Layer) {
        guard let operation = layer.operation as? any CropOperation else {
            preconditionFailure("rectangles of '\(layer.name)'")
        }
        let rectangles = plan.input.indices.map { image in
            pass.network.rectangle(of: layer) { source in
                if case .layer(let index) = source { changed[index][image] } else { plan.input[image] }
            }
        }
        let extent = plan.extents[layer.index]
        let crops = MapCrops(
            corners: extent.corners, channels: layer.featureMaps, height: extent.height, width: extent.width,
            from: context.buffers)
        if !rectangles.allSatisfy(\.isEmpty) {
            var sources: [MapCrops] = []
            for source in layer.inputs {
                let needs = rectangles.map { pass.network.inputs(of: $0, of: layer, from: source) }
                sources.append(read(source, needs, for: operation))
            }
            operation.forward(
                sources, activation: layer.activation, at: rectangles, into: crops, context)
        }
        changed[layer.index] = crops.changed(rectangles, from: pass.trace.activation(layer), context)
        held[layer.index] = Held(crops: crops, there: rectangles)
    }

    /// The crops of a value, with all of these rectangles in them.
    private mutating func read(
        _ source: LayerInput, _ needs: [MapRectangle], for operation: any CropOperation
    ) -> MapCrops {
        switch source {
        case .layer(let index):
            guard var value = held[index] else { preconditionFailure("layer \(index) is read after it is gone") }
            let wanted = zip(value.there, needs).map { $0.union($1) }
            value.crops.fill(
                wanted, but: value.there, from: pass.trace.activation(pass.network.layers[index]), context)
            value.there = wanted
            held[index] = value
            return value.crops
        case .input: return readInput(needs, for: operation)
        }
    }

    private mutating func readInput(_ needs: [MapRectangle], for operation: any CropOperation) -> MapCrops {
        let form: InputForm
        if let convolution = operation as? ConvolutionLayer, convolution.readsPixels, pass.pixels != nil {
            form = .pixels
        } else {
            form = .blocked
        }
        var value = inputs[form] ?? inputCrops(form)
        let wanted = zip(value.there, needs).map { $0.union($1) }
        if form == .pixels, let pixels = pass.pixels {
            value.crops.fill(wanted, but: value.there, from: pixels, context)
        } else {
            value.crops.fill(wanted, but: value.there, from: pass.blocked, context)
        }
        value.there = wanted
        inputs[form] = value
        return value.crops
    }

    private func inputCrops(_ form: InputForm) -> Held {
        let extent = plan.inputExtent
        let crops: MapCrops
        if form == .pixels, let pixels = pass.pixels {
            crops = MapCrops(
                corners: extent.corners, of: pixels, height: extent.height, width: extent.width, from: context.buffers)
        } else {
            crops = MapCrops(
                corners: extent.corners, channels: pass.network.inputShape[0], height: extent.height,
                width: extent.width, from: context.buffers)
        }
        crops.set(plan.input, to: values)
        return Held(crops: crops, there: plan.input)
    }

    private func average(of layer: Layer) -> BlockedMaps {
        guard case .layer(let index) = layer.inputs[0], let sums = pass.rowSums[index] else {
            preconditionFailure("'\(layer.name)' reads no maps")
        }
        let read = pass.network.layers[index]
        return GlobalAveragePooling.average(
            rowSums(of: read, channels: 0..<read.featureMaps, whose: sums), columns: read.width, context)
    }

    private func rowSums(of layer: Layer, channels: Range<Int>, whose sums: BlockedMaps) -> BlockedMaps {
        guard let crops = held[layer.index]?.crops else { preconditionFailure("'\(layer.name)' is gone") }
        return GlobalAveragePooling.rowSums(
            crops.view(channels: channels), changed[layer.index],
            in: pass.trace.activation(layer).view(channels: channels), whose: sums, context)
    }

    /// The sum of one map for each image, as ``BlockedMaps/sum(image:channel:)`` gives it.
    private func sums(of layer: Layer, map: Int) -> [Float] {
        let first = map / BlockedMaps.lanes * BlockedMaps.lanes
        let channels = first..<min(first + BlockedMaps.lanes, layer.featureMaps)
        let whole = GlobalAveragePooling.rowSums(pass.trace.activation(layer).view(channels: channels), context)
        let sums = rowSums(of: layer, channels: channels, whose: whole)
        return plan.input.indices.map { sums.sum(image: $0, channel: map - first) }
    }
}
