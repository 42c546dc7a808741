import ArgumentParser
import Foundation
import Switchback

/// The image a subcommand explains.
struct ImageArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A JPEG, PNG or WebP file, or an NPY file with the network's input; '-' reads standard input.",
            valueName: "image"),
        completion: .file())
    var path: String

    /// The file's bytes, known as NPY by their first six.
    func read() throws -> ImageInput {
        let bytes: [UInt8]
        do {
            let data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
            bytes = [UInt8](data)
        } catch {
            throw Failure("cannot read the image '\(path)': \(FileFailure.reason(error))")
        }
        return ImageInput(recognizing: bytes)
    }
}
