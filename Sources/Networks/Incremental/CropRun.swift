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

    private let pass: IncrementalPass
    private let plan: ChangePlan
    private let values: [[Float]]
    private let summing: FeatureMapSum?
    private let handedOver: [Int: BlockedMaps]
    private var context: KernelContext
    private var held: [Held?]
    /// The crops of concatenations that their inputs write into.
    private var joints: [MapCrops?]
    /// The input with its channels side by side, and in blocks.
    private var pixels: Held?
    private var blocked: Held?
    /// The sum of one feature map for each image, once its layer has been computed, if it is one of these.
    private(set) var sums: [Float] = []
    /// What has changed in each layer; empty for a layer computed whole.
    private var changed: [[MapRectangle]]

    /// What the layers computed whole read goes to `handedOver`, maps of as many images by layer.
    init(
        _ pass: IncrementalPass, _ plan: ChangePlan, values: [[Float]], summing: FeatureMapSum?,
        handedOver: [Int: BlockedMaps], context: KernelContext
    ) {
        (self.pass, self.plan, self.values, self.context) = (pass, plan, values, context)
        (self.summing, self.handedOver) = (summing, handedOver)
        held = Array(repeating: nil, count: plan.layers.count)
        joints = Array(repeating: nil, count: plan.layers.count)
        changed = Array(repeating: [], count: plan.layers.count)
    }

    /// Computes the next of these layers, with the threads of a turn.
    mutating func compute(_ steps: Range<Int>, _ context: KernelContext) throws(NetworksError) {
        self.context = context
        for step in pass.plan.steps[steps] {
            try context.check()
            if let operation = step.operation {
                compute(step, operation)
                if let summing, summing.layer == step.index { sums = self.sums(of: step, map: summing.featureMap) }
            }
            if let place = handedOver[step.index] { handOver(step, to: place) }
            for index in step.lastReads { held[index] = nil }
        }
    }

    private mutating func compute(_ step: CropStep, _ operation: any CropOperation) {
        let rectangles = plan.input.indices.map { image in
            step.rectangle { source in
                if case .layer(let index) = source { changed[index][image] } else { plan.input[image] }
            }
        }
        let crops: MapCrops
        if let channels = step.joinedChannels {
            crops = join(step, channels, rectangles)
        } else {
            crops = place(of: step)
            if !rectangles.allSatisfy(\.isEmpty) {
                var sources: [MapCrops] = []
                for source in step.sources { sources.append(read(source, by: step, rectangles)) }
                operation.forward(sources, activation: step.activation, at: rectangles, into: crops, context)
            }
        }
        changed[step.index] = crops.changed(rectangles, from: pass.activations[step.index], context)
        held[step.index] = Held(crops: crops, there: rectangles)
        joints[step.index] = nil
    }

    /// Room for a layer's rectangles: its place in a concatenation, or crops of its own.
    private mutating func place(of step: CropStep) -> MapCrops {
        guard let slot = step.slot else { return newCrops(step.index) }
        return joint(slot.concat).view(channels: slot.channels)
    }

    /// The crops of a concatenation, which may be a place in another.
    private mutating func joint(_ index: Int) -> MapCrops {
        if let joint = joints[index] { return joint }
        let joint: MapCrops
        if let slot = pass.slots[index] {
            joint = self.joint(slot.concat).view(channels: slot.channels)
        } else {
            joint = newCrops(index)
        }
        joints[index] = joint
        return joint
    }

    private func newCrops(_ index: Int) -> MapCrops {
        let extent = plan.extents[index]
        return MapCrops(
            corners: extent.corners, channels: pass.activations[index].channels, height: extent.height,
            width: extent.width, from: context.buffers)
    }

    /// A concatenation of whole blocks: what its inputs have not written into it themselves is copied.
    private mutating func join(_ step: CropStep, _ channels: [Range<Int>], _ rectangles: [MapRectangle]) -> MapCrops {
        let joint = joint(step.index)
        for (source, range) in zip(step.sources, channels) {
            let part = read(source, by: step, rectangles)
            if case .layer(let index) = source.value,
                pass.slots[index] == PassPlan.Slot(concat: step.index, channels: range)
            {
                continue
            }
            Concatenation.place(part, at: range.lowerBound, of: joint, in: rectangles, context)
        }
        joint.clearUnusedLanes(at: rectangles)
        return joint
    }

    /// The crops of a value, with all that a layer's rectangles look at.
    private mutating func read(
        _ source: CropStep.Source, by step: CropStep, _ rectangles: [MapRectangle]
    ) -> MapCrops {
        let needs = rectangles.map { step.inputs(of: $0, from: source) }
        guard case .layer(let index) = source.value else { return readInput(needs, by: step) }
        guard var value = held[index] else { preconditionFailure("layer \(index) is read after it is gone") }
        let wanted = zip(value.there, needs).map { $0.union($1) }
        value.crops.fill(wanted, but: value.there, from: pass.activations[index], context)
        value.there = wanted
        held[index] = value
        return value.crops
    }

    private mutating func readInput(_ needs: [MapRectangle], by step: CropStep) -> MapCrops {
        if step.readsPixels, let whole = pass.pixels {
            var value = pixels ?? Held(crops: newInput(of: whole), there: plan.input)
            let wanted = zip(value.there, needs).map { $0.union($1) }
            value.crops.fill(wanted, but: value.there, from: whole, context)
            value.there = wanted
            pixels = value
            return value.crops
        }
        var value = blocked ?? Held(crops: newInput(of: nil), there: plan.input)
        let wanted = zip(value.there, needs).map { $0.union($1) }
        value.crops.fill(wanted, but: value.there, from: pass.blocked, context)
        value.there = wanted
        blocked = value
        return value.crops
    }

    private func newInput(of pixels: InputMaps?) -> MapCrops {
        let (extent, buffers) = (plan.inputExtent, context.buffers)
        let crops =
            pixels.map {
                MapCrops(corners: extent.corners, of: $0, height: extent.height, width: extent.width, from: buffers)
            }
            ?? MapCrops(
                corners: extent.corners, channels: pass.blocked.channels, height: extent.height, width: extent.width,
                from: buffers)
        crops.set(plan.input, to: values)
        return crops
    }
}

extension CropRun {
    /// Puts the whole maps of a layer, or their means, where the layers computed whole will read them.
    private func handOver(_ step: CropStep, to place: BlockedMaps) {
        if step.operation != nil {
            held[step.index]?.crops.inserted(
                changed[step.index], into: pass.activations[step.index], result: place, context)
            return
        }
        guard case .layer(let index) = step.sources[0].value, let sums = pass.rowSums[index] else {
            preconditionFailure("layer \(step.index) is the mean of no maps")
        }
        let made = rowSums(of: index, channels: 0..<pass.activations[index].channels, whose: sums)
        GlobalAveragePooling.average(made, columns: step.sources[0].width, into: place, context)
    }

    private func rowSums(of index: Int, channels: Range<Int>, whose sums: BlockedMaps) -> BlockedMaps {
        guard let crops = held[index]?.crops else { preconditionFailure("layer \(index) is gone") }
        return GlobalAveragePooling.rowSums(
            crops.view(channels: channels), changed[index], in: pass.activations[index].view(channels: channels),
            whose: sums, context)
    }

    /// The sum of one map for each image, as ``BlockedMaps/sum(image:channel:)`` gives it.
    private func sums(of step: CropStep, map: Int) -> [Float] {
        let first = map / BlockedMaps.lanes * BlockedMaps.lanes
        let channels = first..<min(first + BlockedMaps.lanes, step.featureMaps)
        let whole = GlobalAveragePooling.rowSums(pass.activations[step.index].view(channels: channels), context)
        let sums = rowSums(of: step.index, channels: channels, whose: whole)
        return plan.input.indices.map { sums.sum(image: $0, channel: map - first) }
    }
}
