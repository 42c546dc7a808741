import Networks

/// LRN across channels.
struct LocalResponseNormalizationImport: OperatorImport {
    let operations = ["LRN"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.spatialMaps(0)
        let size = try node.attributes.integer("size", default: 0)
        guard size >= 1, size <= 1 << 16 else {
            throw node.label.invalid("size \(size)", expected: "a number from 1 to 65536")
        }
        let alpha = try node.attributes.float("alpha", default: 1e-4)
        let beta = try node.attributes.float("beta", default: 0.75)
        let bias = try node.attributes.float("bias", default: 1)
        guard alpha >= 0, bias >= 0 else {
            throw node.label.invalid("alpha \(alpha) and bias \(bias)", expected: "none below 0")
        }
        try node.count(multiplyAdds: maps.sizes + [size])
        return .maps(
            node.emitElementwise(
                .localResponseNormalization(size: size, alpha: alpha, beta: beta, bias: bias), of: [maps]))
    }
}
