/// Arithmetic between constants: the shape arithmetic that exporters leave in the file.
extension ArithmeticImport {
    /// The result for constants of equal shapes, or of one value with any.
    func folded(_ node: NodeImport) throws(ONNXError) -> Constant {
        var result = try node.constant(0)
        for index in node.inputs.indices.dropFirst() {
            result = try combined(result, node.constant(index), node)
        }
        return result
    }

    private func combined(_ a: Constant, _ b: Constant, _ node: NodeImport) throws(ONNXError) -> Constant {
        guard a.dimensions == b.dimensions || a.count == 1 || b.count == 1 else {
            throw node.label.unsupported(
                "constants of shapes \(a.dimensions) and \(b.dimensions)", supported: "equal shapes, or one value")
        }
        let wider = a.dimensions.count >= b.dimensions.count ? a : b
        let dimensions = a.count == b.count ? wider.dimensions : a.count == 1 ? b.dimensions : a.dimensions
        let count = dimensions.reduce(1, *)
        if let left = a.integers, let right = b.integers {
            var values: [Int64] = []
            for index in 0..<count {
                values.append(
                    try integer(left[left.count == 1 ? 0 : index], right[right.count == 1 ? 0 : index], node))
            }
            return Constant(dimensions: dimensions, elements: .integers(values))
        }
        let (left, right) = (a.floats, b.floats)
        let values = (0..<count).map { index in
            float(left[left.count == 1 ? 0 : index], right[right.count == 1 ? 0 : index], node.label.operation)
        }
        return Constant(dimensions: dimensions, elements: .floats(values))
    }

    private func integer(_ a: Int64, _ b: Int64, _ node: NodeImport) throws(ONNXError) -> Int64 {
        let (value, overflow) =
            switch node.label.operation {
            case "Sub": a.subtractingReportingOverflow(b)
            case "Mul": a.multipliedReportingOverflow(by: b)
            case "Div": a.dividedReportingOverflow(by: b)
            default: a.addingReportingOverflow(b)
            }
        guard !overflow else {
            throw node.label.invalid("\(a) and \(b) have no result in 64 bits", expected: "smaller numbers")
        }
        return value
    }

    private func float(_ a: Float, _ b: Float, _ operation: String) -> Float {
        switch operation {
        case "Sub": a - b
        case "Mul": a * b
        case "Div": a / b
        default: a + b
        }
    }
}
