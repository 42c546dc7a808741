public import Networks

/// Reads ONNX classifiers (operator sets 9 to 21, float weights of any width) into layer graphs.
///
/// Batch size is not part of a graph: a fixed or an open one is taken alike. Shape arithmetic that exporters emit is
/// worked out here; what the network computes becomes a ``NetworkGraph``. Source: the ONNX operator specification.
public enum ONNXImporter {
    /// The classifier in `bytes`, up to the output that the options name.
    ///
    /// Nodes that the output does not need are left out, supported or not. A file that cannot be taken throws an
    /// ``ONNXError`` that names the node, value or tensor; no content of a file traps.
    public static func model(
        from bytes: [UInt8], options: ONNXImportOptions = ONNXImportOptions()
    ) throws(ONNXError) -> ONNXModel {
        var graphImport = GraphImport(try ModelFile(bytes, limits: options.limits), options: options)
        return ONNXModel(graph: try graphImport.graph(), externalFiles: try graphImport.externalFiles())
    }

    /// The names of the operators that can be imported, sorted.
    public static var supportedOperators: [String] {
        OperatorTable.operators.keys.sorted()
    }
}

/// A classifier read from a file.
public struct ONNXModel: Sendable {
    /// What the network computes.
    public let graph: NetworkGraph
    /// The paths of the files beside the model that its weights are in, sorted; none for most models.
    public let externalFiles: [String]
}
