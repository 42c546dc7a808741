import Concurrency
import Explainers
import Imaging
import Kernels
import Models
import Networks
import Tensors

/// What is compared before anything is timed.
extension Measure {
    /// Every so many positions of a sweep against plain passes over the occluded input, bit for bit.
    func checkOcclusion(_ words: [String]) throws -> String {
        let step = Int(words[2]) ?? 1
        let found = try run(occlusion(words, of: .logit, target: .all))
        let grid = found.grid
        for position in stride(from: 0, to: grid.count, by: step) {
            let (row, column) = (position / grid.columns, position % grid.columns)
            let patch = grid.rectangle(row: row, column: column)
            var occluded = input.reshaped(to: model.network.inputShape)
            for channel in 0..<model.network.inputShape[0] {
                for y in patch.y0..<patch.y1 { for x in patch.x0..<patch.x1 { occluded[channel, y, x] = 0 } }
            }
            let plain = try forward(occluded).logits
            for index in 0..<model.network.classes
            where plain[0, index].bitPattern != found.occluded[index, row, column].bitPattern {
                throw Failure("position \(row), \(column), class \(index) differs from a plain pass")
            }
        }
        return #"{"checked": \#((grid.count - 1) / step + 1)}"#
    }

    /// Projections of many units against backward passes through whole maps, one by one and bit for bit.
    func checkProjections(_ name: String, count: Int) throws -> String {
        let found = try run(deconv(name, "top:\(count)")).projections
        let layer = try model.network.layer(named: name)
        let trace = try kept().trace
        for projection in found {
            guard let unit = projection.unit else { continue }
            var seed = Tensor(shape: [1, layer.featureMaps, layer.height, layer.width])
            seed[0, projection.featureMap, unit.y, unit.x] = projection.activation
            let plain = try pool.turn(priority: .interactive, token: .never) { team in
                try BackwardPass.project(
                    from: layer, seed: BlockedMaps(seed, buffers: context.buffers), trace: trace, rules: Rules(),
                    context: context.with(team: team))
            }
            guard projection.values.isIdentical(to: plain.slice(0)) else {
                throw Failure("the projection of feature map \(projection.featureMap) differs from a plain pass")
            }
        }
        return #"{"checked": \#(found.count)}"#
    }

    /// A DeconvNet's rules, as they are unless told otherwise.
    private struct Rules: SignalRules {
        let overlap = OverlapRule.sum
        let normalization = NormalizationRule.identity
        func rule(at activation: Activation) -> ActivationRule { .rectify }
    }

    /// Logits of every so many removals against plain passes: the largest difference, as a part of the largest logit.
    func checkAblation(_ layer: String, maps: Int, every step: Int) throws -> String {
        let found = try run(ablation(layer, maps: maps))
        let network = model.network
        let removed = try network.layer(named: layer)
        let input = try prepared().tensor
        var worst: Float = 0
        for (index, map) in found.ablations.indices.enumerated() where index % step == 0 {
            let plain = try pool.turn(priority: .interactive, token: .never) { team in
                try ForwardPass.run(
                    network, input, removing: [FeatureMapRemoval(layer: removed, featureMaps: [[map]])],
                    context: context.with(team: team))
            }
            let largest = plain.logits.values.reduce(0) { max($0, abs($1)) }
            for index in 0..<network.classes {
                worst = max(worst, abs(plain.logits[0, index] - found.logits[map, index]) / largest)
            }
        }
        return #"{"checked": \#((maps - 1) / step + 1), "worst": \#(worst)}"#
    }
}
