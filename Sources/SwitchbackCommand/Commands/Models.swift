import ArgumentParser
import Switchback
import WebService

/// `switchback models`.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The models there are, or the layers of one.",
        discussion: """
            EXAMPLES
              switchback models
              switchback models squeezenet1.1
              switchback models squeezenet1.1 --format json
            """)

    @Argument(help: "The model whose layers are listed.") var name: String?
    @Option(help: ArgumentHelp("table or json.", valueName: "format")) var format: Format = .table
    @OptionGroup(title: "Model") var model: ModelArguments

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

    func run() throws {
        let engine = try model.engine(limits: EngineLimits())
        let sink = OutputSink(path: nil)
        switch (name, format) {
        case (nil, .json): try sink.write(ModelListDocument(engine).json.encoded())
        case (nil, .table):
            let names = engine.modelNames.map { $0 + ($0 == engine.defaultModelName ? "  (default)" : "") + "\n" }
            try sink.write([UInt8](names.joined().utf8))
        case (let name?, .json): try sink.write(ModelDocument(try engine.model(named: name)).json.encoded())
        case (let name?, .table):
            try sink.write([UInt8](ModelTable(try engine.model(named: name)).text.utf8))
        }
    }
}
