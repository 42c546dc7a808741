import ONNX
import Testing

/// The words for people.
@Suite struct ONNXErrorTests {
    @Test(
        arguments: [
            (ONNXError.malformed(reason: "r"), "not an ONNX model: r"),
            (.limitExceeded(what: "nodes", found: 5, allowed: 4), "nodes: 5 is over the limit of 4"),
            (
                .unsupportedOperatorSet(domain: "ai.onnx", found: 7, supported: 9...21),
                "operator set 'ai.onnx' version 7: supported is 'ai.onnx' 9–21"
            ),
            (
                .unsupportedOperator(node: "n", operation: "Erf", supported: ["Add", "Conv"]),
                "node 'n' (Erf): operator not supported; supported are Add, Conv"
            ),
            (
                .unsupportedAttribute(node: "n", operation: "Relu", attribute: "a", supported: []),
                "node 'n' (Relu): attribute 'a' not supported; supported are none"
            ),
            (
                .unsupported(node: "n", operation: "Pad", found: "mode 'edge'", supported: "constant"),
                "node 'n' (Pad): mode 'edge' not supported; supported: constant"
            ),
            (
                .invalidNode(node: "n", operation: "Conv", found: "pads [1]", expected: "four numbers"),
                "node 'n' (Conv): pads [1]; expected four numbers"
            ),
            (
                .invalidTensor(tensor: "w", found: "3 bytes", expected: "4"), "tensor 'w': 3 bytes; expected 4"
            ),
            (
                .externalData(tensor: "w", location: "x.bin", reason: "cannot be read"),
                "tensor 'w': external data 'x.bin': cannot be read"
            ),
            (.duplicateValue(value: "v"), "value 'v' is given twice"),
            (.undefinedValue(value: "v", node: "n"), "node 'n' reads 'v', which nothing gives"),
            (.cycle(nodes: ["a", "b"]), "the nodes a, b wait for one another"),
            (.invalidInput(found: "two", expected: "one image"), "input: two; expected one image"),
            (.unknownOutput(output: "o", available: ["p"]), "no output 'o'; this file has p"),
        ])
    func saysWhatWasFoundAndWhatIsPossible(_ error: ONNXError, _ words: String) {
        #expect(error.description == words)
    }

    /// Names come from the file and end on terminals.
    @Test func shortensAndCleansNames() {
        let long = String(repeating: "a", count: 1000)
        #expect(ONNXError.duplicateValue(value: long).description.count < 120)
        #expect(
            ONNXError.duplicateValue(value: "a\u{1B}[31m\nb").description == "value 'a?[31m?b' is given twice")
        let many = (0..<100).map { "n\($0)" }
        #expect(ONNXError.cycle(nodes: many).description.contains("n59, … (100 in all)"))
    }
}
