import Networks
import Tensors

/// BatchNormalization with the statistics of training.
struct BatchNormalizationImport: OperatorImport {
    let operations = ["BatchNormalization"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let maps = try node.maps(0)
        guard maps.axes.count > 1, maps.axes[1] == 1, maps.order == nil else {
            throw node.label.unsupported(
                "input \(maps.fileShape) with its channels not second", supported: "N, C, H, W or N, F")
        }
        let epsilon = try node.attributes.float("epsilon", default: 1e-5)
        node.attributes.ignore("momentum")
        guard try !node.attributes.flag("training_mode", default: false) else {
            throw node.label.unsupported("training_mode = 1", supported: "0")
        }
        guard try node.attributes.flag("spatial", default: true) else {
            throw node.label.unsupported("spatial = 0", supported: "1")
        }
        let channels = maps.sizes[0]
        let scale = try node.vector(1, "scales", count: channels)
        let bias = try node.vector(2, "biases", count: channels)
        let mean = try node.vector(3, "means", count: channels)
        let variance = try node.vector(4, "variances", count: channels)
        for (index, value) in variance.values.enumerated() where !(value + epsilon > 0) {
            throw node.label.invalid(
                "variance \(value) of channel \(index) with epsilon \(epsilon)", expected: "a sum above 0")
        }
        return .maps(
            node.emitElementwise(
                .batchNormalization(scale: scale, bias: bias, mean: mean, variance: variance, epsilon: epsilon),
                of: [maps]))
    }
}
