/// The signals of a backward pass that wait at the layers' outputs, until all that a layer's readers send are there.
struct WaitingSignals<Signal> {
    private var signals: [Signal?]
    /// Whether each was rectified by the kernel that made it.
    private var isRectified: [Bool]
    private var atInput: Signal?

    /// One signal, at the output of a layer of a network of so many layers.
    init(_ seed: Signal, at index: Int, layers: Int) {
        signals = Array(repeating: nil, count: layers)
        isRectified = Array(repeating: false, count: layers)
        signals[index] = seed
    }

    /// The signal at a layer's output, if there is one.
    func signal(at index: Int) -> Signal? { signals[index] }

    /// Takes the signal at a layer's output away, if there is one.
    mutating func take(_ index: Int) -> (signal: Signal, isRectified: Bool)? {
        guard let signal = signals[index] else { return nil }
        signals[index] = nil
        return (signal, isRectified[index])
    }

    /// Puts a signal down at what a layer reads; where one waits already they are added up by `sum`, that first.
    mutating func deliver(
        _ signal: Signal, to source: LayerInput, rectified: Bool, adding sum: (Signal, Signal) -> Signal
    ) {
        switch source {
        case .input: atInput = atInput.map { sum($0, signal) } ?? signal
        case .layer(let index):
            signals[index] = signals[index].map { sum($0, signal) } ?? signal
            isRectified[index] = rectified
        }
    }

    /// What has arrived at the network's input.
    func arrived() -> Signal {
        guard let atInput else { preconditionFailure("no layer between the seed and the input reads the input") }
        return atInput
    }

    /// The same with each signal exchanged.
    func map(_ change: (Signal) -> Signal) -> WaitingSignals {
        var changed = self
        changed.signals = signals.map { $0.map(change) }
        changed.atInput = atInput.map(change)
        return changed
    }
}
