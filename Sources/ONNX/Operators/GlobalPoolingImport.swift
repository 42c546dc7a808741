import Networks

/// GlobalAveragePool, and GlobalMaxPool as a max pooling of one window.
struct GlobalPoolingImport: OperatorImport {
    let operations = ["GlobalAveragePool", "GlobalMaxPool"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.spatialMaps(0)
        let isMaximum = node.label.operation == "GlobalMaxPool"
        let operation: Operation =
            isMaximum
            ? .maxPooling(Window(kernelHeight: maps.sizes[1], kernelWidth: maps.sizes[2]))
            : .globalAveragePooling(keepsDimensions: true)
        try node.count(multiplyAdds: maps.sizes)
        return .maps(node.emit(operation, of: [maps], sizes: [maps.sizes[0], 1, 1]))
    }
}
