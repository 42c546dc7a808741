import ArgumentParser
import Switchback
import WebService

/// The model, and the form and place of the answer.
struct OutputArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The model to explain; the default one unless told.", valueName: "name"))
    var model: String?

    @OptionGroup var form: FormArguments

    /// The options given, as the engine reads them.
    var given: [GivenOption] { GivenOption.list([("model", model)]) + form.given }
}

/// The form and place of an answer.
struct FormArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "json, png or npy. Unless told: by the ending of --output, json if it has none; without --output a table.",
            valueName: "format"))
    var format: String?

    @Option(name: [.short, .long], help: ArgumentHelp("Write to this file.", valueName: "file"), completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("How arrays stand in JSON: base64 or nested.", valueName: "form"))
    var arrays: String?

    @Option(help: ArgumentHelp("Which picture is drawn (PNG).", valueName: "view"))
    var view: String?

    @Option(help: ArgumentHelp("The picture's width in pixels, 64 to 4096 (PNG).", valueName: "pixels"))
    var width: String?

    @Option(help: ArgumentHelp("Which array is written (NPY).", valueName: "array"))
    var array: String?

    /// The options given, as the engine reads them.
    var given: [GivenOption] {
        var given: [(String, String?)] = [
            ("arrays", arrays), ("view", view), ("width", width), ("array", array),
        ]
        given.append(("format", format))
        return GivenOption.list(given)
    }

    /// The names of the flags given.
    var givenFlags: [String] { GivenOption.list([("output", output)]).map(\.name) + given.map(\.name) }

    func validate() throws {
        guard let output, let ending, format == nil, OutputFormat(rawValue: ending) == nil else { return }
        throw ValidationError(
            "the ending of '\(output)' is not that of a format: name it .json, .png or .npy, or say '--format'")
    }

    /// What follows the last dot of the output's name, in small letters; nil where there is none.
    private var ending: String? {
        guard let name = output?.split(separator: "/").last, let dot = name.dropFirst().lastIndex(of: ".") else {
            return nil
        }
        return name[dot...].dropFirst().lowercased()
    }

    /// The format meant where `--format` is not given; nil for a table on the terminal.
    var impliedFormat: OutputFormat? {
        if let format = ending.flatMap(OutputFormat.init) { return format }
        if view != nil || width != nil { return .png }
        if array != nil { return .npy }
        return arrays != nil || output != nil ? .json : nil
    }

    /// Whether the answer is a table for people.
    var wantsTable: Bool { impliedFormat == nil && format == nil }

    /// Where the answer goes.
    var sink: OutputSink { OutputSink(path: output) }

    /// Throws where the answer would be binary and go to a terminal.
    func check(_ options: OutputOptions) throws {
        if !wantsTable, options.format != .json { try sink.refuseTerminal(format: options.format) }
    }

    /// Writes an answer in the form of `options`, or as a table.
    func write(_ answer: Answer, _ options: OutputOptions) throws {
        try sink.write(wantsTable ? [UInt8](AnswerTable(answer).text.utf8) : try Self.encode(answer, options))
    }

    private static func encode(_ answer: Answer, _ output: OutputOptions) throws -> [UInt8] {
        switch output.format {
        case .json: AnswerDocument(answer, arrays: output.arrays).json.encoded()
        case .png:
            // On one's own machine a picture may take what there is.
            try answer.picture(
                view: output.view, width: output.width, isTransparent: output.isTransparent, maximumPixels: .max)
        case .npy: try answer.array(named: output.array)
        }
    }
}

extension GivenOption {
    /// The options of `pairs` that have a value.
    static func list(_ pairs: [(String, String?)]) -> [GivenOption] {
        pairs.compactMap { name, value in value.map { GivenOption(name: name, value: $0) } }
    }
}
