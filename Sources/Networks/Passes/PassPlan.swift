internal import Kernels

/// What every pass through a network needs to know, found out once.
package struct PassPlan: Sendable {
    /// A place in a concatenation that a layer writes into itself.
    struct Slot: Hashable, Sendable {
        let concat: Int
        let channels: Range<Int>
    }

    /// The layers that read each layer, in order, one as often as it reads.
    let readers: [[Int]]
    /// The place of each layer in the first concatenation of whole blocks that reads it.
    let slots: [Slot?]
    /// The layers whose activations nobody needs once the layer of this position is done.
    let lastReadBy: [[Int]]
    /// The index of the layer that gives the logits.
    let output: Int
    /// The most bytes that activations of one image hold at once when only the logits are kept.
    let workingBytes: Int
    /// How many images one thread computes at a time: as many as have activations of the size of the weights.
    ///
    /// Fewer would read the weights more often than the activations, more would push the activations out of the cache.
    let imagesAtOnce: Int
    private let inputs: [[Int]]

    init(_ layers: [Layer], output: Int) {
        let inputs = layers.map { layer in
            layer.inputs.compactMap { if case .layer(let index) = $0 { index } else { nil } }
        }
        var readers = [[Int]](repeating: [], count: layers.count)
        for (reader, read) in inputs.enumerated() {
            for index in read { readers[index].append(reader) }
        }
        var lastReadBy = [[Int]](repeating: [], count: layers.count)
        for (index, all) in readers.enumerated() {
            if let last = all.last { lastReadBy[last].append(index) }
        }
        self.inputs = inputs
        self.readers = readers
        self.lastReadBy = lastReadBy
        self.output = output
        slots = PassPlan.slots(layers)
        workingBytes = PassPlan.workingBytes(layers, lastReadBy)
        let weightBytes = layers.reduce(0) { $0.saturatingAdd($1.operation.weightBytes) }
        imagesAtOnce = min(PassPlan.mostImages, max(1, weightBytes / max(1, workingBytes)))
    }

    /// How many images one thread computes at a time at most.
    private static let mostImages = 64

    private static func workingBytes(_ layers: [Layer], _ lastReadBy: [[Int]]) -> Int {
        var (alive, most) = (0, 0)
        for layer in layers {
            alive = alive.saturatingAdd(layer.blockedBytes)
            most = max(most, alive)
            for index in lastReadBy[layer.index] { alive -= layers[index].blockedBytes }
        }
        return most
    }

    /// How many concatenations may stand in each other without a copy: finding the outermost is recursive.
    private static let deepest = 32

    private static func slots(_ layers: [Layer]) -> [Slot?] {
        var slots = [Slot?](repeating: nil, count: layers.count)
        var depths = [Int](repeating: 0, count: layers.count)
        for layer in layers {
            guard let concat = layer.operation as? ConcatLayer, concat.isAligned else { continue }
            for (source, channels) in zip(layer.inputs, concat.ranges) {
                guard case .layer(let index) = source, slots[index] == nil, depths[index] < deepest,
                    layers[index].operation.writesIntoViews
                else { continue }
                slots[index] = Slot(concat: layer.index, channels: channels)
                if layers[index].kind == .concat { depths[layer.index] = max(depths[layer.index], depths[index] + 1) }
            }
        }
        return slots
    }

    /// Which layers the layer of this index depends on, itself included.
    func ancestors(of index: Int) -> [Bool] {
        var marks = [Bool](repeating: false, count: inputs.count)
        marks[index] = true
        for layer in stride(from: index, through: 0, by: -1) where marks[layer] {
            for read in inputs[layer] { marks[read] = true }
        }
        return marks
    }

    /// Which layers depend on the layer of this index, itself not included.
    func descendants(of index: Int) -> [Bool] {
        var marks = [Bool](repeating: false, count: inputs.count)
        marks[index] = true
        for layer in marks.indices.dropFirst(index + 1) {
            marks[layer] = inputs[layer].contains { marks[$0] }
        }
        marks[index] = false
        return marks
    }
}
