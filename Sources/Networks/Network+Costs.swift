internal import Kernels
internal import Tensors

extension Network {
    /// Multiplications with an addition that one image takes; `Int.max` if there are more.
    public var multiplyAdds: Int { sum { _ in true } }

    /// Multiplications with an addition of this layer and all it depends on: about what a backward pass from it takes.
    public func multiplyAdds(upTo layer: Layer) -> Int {
        let marks = plan.ancestors(of: layer.index)
        return sum { marks[$0.index] }
    }

    /// Multiplications with an addition of a pass that ends with this layer, as ``ForwardPass/trace(_:_:upTo:from:context:)``
    /// computes it.
    public func multiplyAdds(ofPassUpTo layer: Layer) -> Int { sum { $0.index <= layer.index } }

    /// Bytes of all activations and switches of one image, as a trace keeps them.
    public var traceBytes: Int { traceBytes(layers[...]) }

    /// Those of the layers up to this one.
    public func traceBytes(upTo layer: Layer) -> Int { traceBytes(layers[...layer.index]) }

    private func traceBytes(_ layers: ArraySlice<Layer>) -> Int {
        layers.reduce(0) { total, layer in
            total.saturatingAdd(layer.blockedBytes).saturatingAdd(layer.kind == .maxPooling ? layer.blockedBytes : 0)
        }
    }

    /// The most bytes that activations of one image hold at once when only the logits are kept.
    public var workingBytes: Int { plan.workingBytes }

    private func sum(_ counts: (Layer) -> Bool) -> Int {
        layers.reduce(0) { counts($1) ? $0.saturatingAdd($1.multiplyAdds) : $0 }
    }
}

extension Layer {
    /// Bytes of its activation of one image, channels filled up to whole blocks.
    var blockedBytes: Int {
        let lanes = BlockedMaps.lanes
        return (featureMaps + lanes - 1) / lanes * lanes * height * width * MemoryLayout<Float>.size
    }
}

extension Int {
    /// The sum, or `Int.max` where it is larger.
    func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or `Int.max` where it is larger; neither factor may be negative.
    func saturatingProduct(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
