/// The form in which an answer is wanted.
public struct OutputOptions: Equatable, Sendable {
    /// JSON, PNG or NPY.
    public let format: OutputFormat
    /// How arrays stand in JSON.
    public let arrays: ArrayEncoding
    /// Which picture is drawn.
    public let view: String
    /// The picture's width in pixels; nil leaves it to the view.
    public let width: Int?
    /// Whether a heatmap is drawn without a page around and behind it.
    public let isTransparent: Bool
    /// Which array is answered.
    public let array: String

    /// The allowed widths of pictures, in pixels.
    public static let widths = 64...4096

    /// The options that decide how an answer is written and nothing else.
    public static let names: Set<String> = ["format", "arrays", "view", "width", "background", "array"]

    init(_ reader: OptionReader, acceptedFormat: OutputFormat?) throws(SwitchbackError) {
        let format = try reader.choice("format", default: acceptedFormat ?? .json)
        try reader.checkPlaces(format: format)
        self.format = format
        arrays = try reader.choice("arrays", default: .base64)
        view = try reader.word("view", allowed: reader.views)
        width = try reader.integer("width", in: Self.widths)
        isTransparent = try reader.word("background", allowed: ["opaque", "none"]) == "none"
        array = try reader.word("array", allowed: reader.arrays)
        if isTransparent, view != "heatmap" {
            throw .badValue(
                option: "background", value: "none",
                allowed: "opaque; none goes with view=heatmap, and the view asked for is \(view)")
        }
    }
}
