import Kernels
import Networks

/// MaxPool and AveragePool.
struct PoolingImport: OperatorImport {
    let operations = ["AveragePool", "MaxPool"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.spatialMaps(0, takingPadding: true)
        let isMaximum = node.label.operation == "MaxPool"
        var countsPadding = false
        if isMaximum {
            // Only the second output, which nobody reads, depends on it.
            node.attributes.ignore("storage_order")
        } else {
            countsPadding = try node.attributes.flag("count_include_pad", default: false)
            if node.attributes.has("dilations"),
                try node.attributes.integers("dilations")?.contains(where: { $0 != 1 }) == true
            {
                throw node.label.unsupported("dilations other than 1", supported: "1")
            }
        }
        let window = try WindowAttributes(&node, over: maps, kernel: nil, isPooling: true)
        guard window.geometry.everyWindowMeetsInput(height: maps.sizes[1], width: maps.sizes[2]) else {
            throw node.label.unsupported("windows that see nothing but padding", supported: "padding below the kernel")
        }
        if let padding = maps.padding {
            countsPadding = try takes(padding, of: maps, window, countsPadding, isMaximum, node)
        }
        try node.count(
            multiplyAdds: [
                maps.sizes[0], window.window.kernelHeight, window.window.kernelWidth, window.outputHeight,
                window.outputWidth,
            ])
        var result = node.emit(
            isMaximum ? .maxPooling(window.window) : .averagePooling(window.window, countsPadding: countsPadding),
            of: [maps], sizes: [maps.sizes[0], window.outputHeight, window.outputWidth])
        result.isNonnegative = maps.isNonnegative
        return .maps(result)
    }

    /// Whether averages count the padding, once that of a Pad in front is taken over; throws if it cannot be.
    private func takes(
        _ padding: PendingPadding, of maps: MapsValue, _ window: WindowAttributes, _ countsPadding: Bool,
        _ isMaximum: Bool, _ node: NodeImport
    ) throws(ONNXError) -> Bool {
        if isMaximum {
            // Zeros lose or tie against values that are not negative: the same maxima as if padding never won.
            guard padding.value <= -.greatestFiniteMagnitude || (padding.value == 0 && maps.isNonnegative) else {
                throw node.label.unsupported(
                    "input padded with \(padding.value)", supported: "padding with -inf, or with 0 behind a ReLU")
            }
            return false
        }
        guard padding.value == 0, countsPadding || !window.padsItself, !window.window.ceilMode else {
            throw node.label.unsupported(
                "a Pad in front together with the node's own padding or ceil_mode", supported: "one of them, with 0")
        }
        return true
    }
}
