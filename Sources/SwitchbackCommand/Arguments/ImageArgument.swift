import ArgumentParser
import Switchback

/// The image a subcommand explains.
struct ImageArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A JPEG, PNG or WebP file, or an NPY file with the network's input; '-' reads standard input.",
            valueName: "image"),
        completion: .file())
    var path: String

    /// More than any image that is taken has.
    private static let maximumBytes = 1 << 30

    /// The file's bytes, known as NPY by their first six.
    func read() throws -> ImageInput {
        do {
            return ImageInput(
                recognizing: path == "-"
                    ? try InputFile.standardInput(limit: Self.maximumBytes)
                    : try InputFile.bytes(at: path, limit: Self.maximumBytes))
        } catch {
            throw Failure("cannot read the image '\(path)': \(FileFailure.reason(error))")
        }
    }
}
