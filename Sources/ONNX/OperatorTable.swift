/// How operators of one family become part of the network graph.
protocol OperatorImport: Sendable {
    /// The names of the operators in ONNX.
    var operations: [String] { get }
    /// What the node's first output stands for. Attributes that are not asked for are refused afterwards.
    func value(of node: inout NodeImport) throws(ONNXError) -> GraphValue
}

/// The operators that can be imported; a new one is a file in `Operators` and a line here.
enum OperatorTable {
    static let operators: [String: any OperatorImport] = {
        let families: [any OperatorImport] = [
            ActivationImport(), ArithmeticImport(), BatchNormalizationImport(), CastImport(), ClipImport(),
            ConcatImport(), ConstantImport(), ConvolutionImport(), DenseImport(), DropoutImport(), FlattenImport(),
            GatherImport(), GlobalPoolingImport(), LocalResponseNormalizationImport(), PadImport(), PoolingImport(),
            ReduceMeanImport(), ReduceProductImport(), ReshapeImport(), ShapeImport(), SliceImport(), SoftmaxImport(),
            SqueezeImport(), TransposeImport(), UnsqueezeImport(),
        ]
        var table: [String: any OperatorImport] = [:]
        for family in families {
            for operation in family.operations { table[operation] = family }
        }
        return table
    }()
}
