import Kernels
import Networks

/// What a backward pass means: node by node, in reverse, through the transposed matrices of a ``NetworkDefinition``.
struct SignalDefinition {
    let definition: NetworkDefinition
    let rules: any SignalRules

    /// What arrives at the input for a seed at a value.
    func project(from value: String, seed: [Double]) -> [Double] {
        var signals = [value: seed]
        for step in definition.steps.reversed() {
            guard let signal = signals.removeValue(forKey: step.node.output) else { continue }
            for (name, part) in zip(step.node.inputs, crossed(step, signal)) {
                signals[name] = signals[name].map { zip($0, part).map(+) } ?? part
            }
        }
        return signals[definition.graph.input.name] ?? []
    }

    private func crossed(_ step: NetworkDefinition.Step, _ signal: [Double]) -> [[Double]] {
        switch step.node.operation {
        case .activation(let activation):
            let rectified = signal.map { max(0, $0) }
            switch rules.rule(at: activation) {
            case .rectify: return [rectified]
            case .derivative: return [step.maps[0].transposed(appliedTo: signal)]
            case .guided: return [step.maps[0].transposed(appliedTo: rectified)]
            case .identity, .refuse: return [signal]
            }
        case .localResponseNormalization where rules.normalization == .identity: return [signal]
        case .maxPooling: return [unpooled(step, signal)]
        default: return step.maps.map { $0.transposed(appliedTo: signal) }
        }
    }

    private func unpooled(_ step: NetworkDefinition.Step, _ signal: [Double]) -> [Double] {
        guard rules.overlap != .sum else { return step.maps[0].transposed(appliedTo: signal) }
        var result = [Double](repeating: 0, count: step.maps[0].columns)
        var isSet = [Bool](repeating: false, count: result.count)
        for (window, place) in step.maps[0].selected.enumerated() {
            if rules.overlap == .max, isSet[place] {
                result[place] = max(result[place], signal[window])
            } else {
                result[place] = signal[window]
            }
            isSet[place] = true
        }
        return result
    }
}
