import ArgumentParser
import Foundation
import HTTPServer
import Switchback

/// The command line: one subcommand a file in `Commands/`.
@main
struct SwitchbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchback",
        abstract: "Shows why a convolutional network says what it says.",
        discussion: """
            After Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks" (arXiv:1311.2901): DeconvNet \
            projections, occlusion heatmaps and ablation deltas, from the command line or as a service.

            EXAMPLES
              switchback predict cat.jpg
              switchback deconv cat.jpg --layer fire9 --feature-map top:9 -o projections.png
              switchback occlusion cat.jpg --view figure -o figure.png
              switchback ablation cat.jpg --layer fire9
              switchback serve --listen 127.0.0.1:8080

            Shell completion: switchback --generate-completion-script bash|zsh|fish
            """,
        version: Version.current,
        subcommands: [
            Predict.self, Activations.self, Deconv.self, Occlusion.self, Ablation.self, TopImages.self, Models.self,
            Serve.self,
            JobsCommand.self, Work.self, Config.self, Selftest.self,
        ])

    /// Runs the command; ends with 0, 1 (the work failed) or 64 (wrong usage).
    static func main() {
        // A reader that goes away (`switchback … | head`) is an error of write(2), never the end of the process.
        SignalWatcher.ignoreBrokenPipes()
        Allocator.bound()
        do {
            var command = try parseAsRoot()
            do {
                try command.run()
            } catch {
                end(type(of: command), Failure.of(error))
            }
        } catch {
            exit(withError: error)
        }
    }

    /// Ends the process for an error of a subcommand that ran, with the usage of that subcommand where it was used wrongly.
    private static func end(_ command: any ParsableCommand.Type, _ error: any Error) -> Never {
        guard let error = error as? ValidationError else { exit(withError: error) }
        let usage = usageString(for: command)
        // The words before the first option or argument are the subcommand's name.
        let name = usage.split(separator: " ").prefix { $0.first?.isLetter == true }.joined(separator: " ")
        Terminal.write("Error: \(error.message)\nUsage: \(usage)\n  See '\(name) --help' for more information.\n")
        Foundation.exit(ExitCode.validationFailure.rawValue)
    }
}
