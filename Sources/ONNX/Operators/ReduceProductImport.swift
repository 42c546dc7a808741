/// ReduceProd of a list known at import: how some exporters count features.
struct ReduceProductImport: OperatorImport {
    let operations = ["ReduceProd"]

    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue {
        let keeps = try node.attributes.flag("keepdims", default: true)
        let axes = node.operatorSet < 18 ? try node.attributes.integers("axes") : try node.optionalIntegers(1)
        let data = try node.constant(0)
        guard let values = data.integers, data.dimensions.count == 1, axes == nil || axes == [0] || axes == [-1] else {
            throw node.label.unsupported(
                "the product of a constant of shape \(data.dimensions)", supported: "that of a list of integers")
        }
        var product: Int64 = 1
        for value in values {
            let (next, overflow) = product.multipliedReportingOverflow(by: value)
            guard !overflow else {
                throw node.label.invalid("a product over 64 bits", expected: "smaller numbers")
            }
            product = next
        }
        return .constant(Constant(dimensions: keeps ? [1] : [], elements: .integers([product])))
    }
}
