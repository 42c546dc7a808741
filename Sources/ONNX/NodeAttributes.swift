import Foundation
import ONNXSchema

/// A node's attributes, taken one by one: what nobody has taken at the end is not supported, and named.
struct NodeAttributes {
    let label: NodeLabel
    private var remaining: [String: Onnx_AttributeProto] = [:]
    private var known: [String] = []

    init(_ node: Onnx_NodeProto, label: NodeLabel) throws(ONNXError) {
        self.label = label
        for attribute in node.attribute {
            guard remaining.updateValue(attribute, forKey: attribute.name) == nil else {
                throw label.invalid("attribute '\(attribute.name)' is given twice", expected: "each attribute once")
            }
            guard attribute.refAttrName.isEmpty else {
                throw label.unsupported(
                    "attribute '\(attribute.name)' that refers to a function's", supported: "a value")
            }
        }
    }

    /// Throws if the file gives an attribute that the operator's import has not asked for.
    func finish() throws(ONNXError) {
        guard let left = remaining.keys.min() else { return }
        throw .unsupportedAttribute(
            node: label.name, operation: label.operation, attribute: left, supported: known.sorted())
    }

    mutating func integer(_ name: String, default value: Int) throws(ONNXError) -> Int {
        guard let attribute = try take(name, .int) else { return value }
        return Int(attribute.i)
    }

    mutating func flag(_ name: String, default value: Bool) throws(ONNXError) -> Bool {
        let number = try integer(name, default: value ? 1 : 0)
        guard number == 0 || number == 1 else {
            throw label.invalid("\(name) is \(number)", expected: "0 or 1")
        }
        return number == 1
    }

    mutating func integers(_ name: String) throws(ONNXError) -> [Int]? {
        try take(name, .ints)?.ints.map { Int($0) }
    }

    /// A finite float.
    mutating func float(_ name: String, default value: Float) throws(ONNXError) -> Float {
        try optionalFloat(name) ?? value
    }

    /// A finite float, `nil` where the file does not give it.
    mutating func optionalFloat(_ name: String) throws(ONNXError) -> Float? {
        guard let attribute = try take(name, .float) else { return nil }
        guard attribute.f.isFinite else {
            throw label.invalid("\(name) is \(attribute.f)", expected: "a finite number")
        }
        return attribute.f
    }

    mutating func string(_ name: String, default value: String) throws(ONNXError) -> String {
        guard let attribute = try take(name, .string) else { return value }
        return String(decoding: attribute.s, as: UTF8.self)
    }

    mutating func tensor(_ name: String) throws(ONNXError) -> Onnx_TensorProto? {
        try take(name, .tensor)?.t
    }

    mutating func floats(_ name: String) throws(ONNXError) -> [Float]? {
        try take(name, .floats)?.floats
    }

    /// Whether the file gives the attribute; it stays to be taken.
    func has(_ name: String) -> Bool {
        remaining[name] != nil
    }

    /// Takes an attribute whose value does not matter to a forward pass.
    mutating func ignore(_ name: String) {
        remaining[name] = nil
    }

    private mutating func take(
        _ name: String, _ type: Onnx_AttributeProto.AttributeType
    ) throws(ONNXError) -> Onnx_AttributeProto? {
        if !known.contains(name) { known.append(name) }
        guard let attribute = remaining.removeValue(forKey: name) else { return nil }
        guard !attribute.hasType || attribute.type == type else {
            throw label.invalid("attribute '\(name)' is of type \(attribute.type)", expected: "type \(type)")
        }
        return attribute
    }
}
