/// How a model file is to be taken.
public struct ONNXImportOptions: Equatable, Sendable {
    /// The height and width of the network's input, in network units.
    public struct InputSize: Equatable, Sendable {
        /// Rows.
        public var height: Int
        /// Columns.
        public var width: Int

        /// An input of `height` rows and `width` columns.
        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// The graph output that holds the classes, logits or their softmax; `nil` is the file's first.
    public var output: String?
    /// The input's size where the file leaves height or width open; ignored where it states them.
    public var inputSize: InputSize?
    /// The folder in which weights outside the file are looked for; `nil` refuses such files.
    public var externalDataFolder: String?
    /// What the file may ask for.
    public var limits: ONNXLimits

    /// The options given, the defaults elsewhere.
    public init(
        output: String? = nil, inputSize: InputSize? = nil, externalDataFolder: String? = nil,
        limits: ONNXLimits = ONNXLimits()
    ) {
        self.output = output
        self.inputSize = inputSize
        self.externalDataFolder = externalDataFolder
        self.limits = limits
    }
}
