internal import Kernels

/// Layers one after the other, cut into turns at the threads that more urgent work can go between.
///
/// The cuts follow from the network and the number of images alone, so that they are the same on every machine.
package struct TurnPlan: Sendable {
    /// One of several parts of a dense layer's outputs, or all of a layer.
    package struct Piece: Hashable, Sendable {
        package let layer: Int
        package let part: Int
        package let parts: Int
    }

    /// What each turn computes, in order.
    package let turns: [[Piece]]

    /// The turns that these layers of so many images take, of no more work than `most` where they can be cut so small.
    package init(_ layers: [Int], of network: Network, images: Int, most: Int = Network.turnWork) {
        var turns: [[Piece]] = []
        var work = 0
        for index in layers {
            let layer = network.layers[index]
            let all = layer.turnWork(images: images)
            let parts = max(1, min((all - 1) / most + 1, layer.mostParts))
            for part in 0..<parts {
                if turns.isEmpty || work.saturatingAdd(all / parts) > most {
                    turns.append([])
                    work = 0
                }
                turns[turns.count - 1].append(Piece(layer: index, part: part, parts: parts))
                work = work.saturatingAdd(all / parts)
            }
        }
        self.turns = turns
    }
}

extension Network {
    /// The work of a turn at most, if it can be cut so small: multiply-adds, and what takes as long.
    ///
    /// Two cores with AVX-512 get through two to three times as much in 50 ms. It is that little because they may be slower
    /// for a while: what counts is how long a turn takes at worst.
    public static let turnWork = 2_500_000_000

    /// The layers that end the turns of a pass over one image that ends with the layer of this index.
    public func turnEnds(ofPassUpTo last: Int) -> [Layer] {
        TurnPlan(Array(0...last), of: self, images: 1).turns.compactMap { pieces in
            pieces.last.flatMap { $0.part == $0.parts - 1 ? layers[$0.layer] : nil }
        }
    }
}

extension Layer {
    /// What it takes as work of a turn.
    ///
    /// Reading a dense layer's weights from memory takes as long as multiplying each with 12 images.
    fileprivate func turnWork(images: Int) -> Int {
        let weights = kind == .dense ? operation.weightBytes / MemoryLayout<Float>.size : 0
        return work.saturatingProduct(images).saturatingAdd(weights.saturatingProduct(12))
    }

    /// The parts that it can be computed in one after the other.
    fileprivate var mostParts: Int { (operation as? DenseLayer)?.mostParts(activation: activation) ?? 1 }
}
