import ArgumentParser
import WebService

/// `switchback config`.
struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the service's settings in force, and where each comes from.",
        usage: "switchback config [--config <file>] [--format <format>] [--check] [<flags of serve>]",
        discussion: """
            It takes every flag of 'switchback serve' (--help-hidden lists them). Ends with 64 if a flag is wrong, with 1 if \
            a variable or the file is.

            EXAMPLES
              switchback config
              switchback config --config switchback.yaml --threads 2 --format json
              switchback config --check
            """)

    @OptionGroup var file: ConfigurationArguments
    @Option(help: ArgumentHelp("text, json or yaml.", valueName: "format")) var format: Format = .text
    @Flag(help: "Print nothing; say whether the service could start with these settings.") var check = false
    @Option(
        help: ArgumentHelp(
            "Print the documentation of all settings instead: markdown (for reading) or yaml (a sample file).",
            valueName: "form"))
    var reference: Reference?
    @OptionGroup(visibility: .hidden) var service: ServiceArguments

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, yaml }
    enum Reference: String, ExpressibleByArgument, CaseIterable { case markdown, yaml }

    func run() throws {
        let sink = OutputSink(path: nil)
        switch reference {
        case .markdown: return try sink.write([UInt8](SettingsReference.markdown.utf8))
        case .yaml: return try sink.write([UInt8](SettingsReference.sample.utf8))
        case nil: break
        }
        let settings = try service.settings(file)
        guard !check else { return try ServiceParts(settings.values).check() }
        let report = SettingsReport(settings: settings)
        switch format {
        case .text: try sink.write([UInt8](report.text.utf8))
        case .json: try sink.write(report.json.encoded())
        case .yaml: try sink.write([UInt8](report.yaml.utf8))
        }
    }
}
