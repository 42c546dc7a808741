import Concurrency
import Foundation
import Models
import Switchback
import TestSupport
import Testing
import WebService

/// The command line from outside: what it prints, and how it ends.
struct CommandTests {
    @Test func saysEgyptianCat() throws {
        let result = try Program.run(["predict", Program.photo])
        #expect(result.status == 0)
        #expect(result.text.contains("Egyptian cat"))
        #expect(result.text.contains("285"))
    }

    @Test(arguments: [ExplanationKind.predict, .deconv, .ablation])
    func givesTheNumbersOfTheService(kind: ExplanationKind) throws {
        let options = kind == .predict ? [] : ["--layer", "fire9", "--feature-map", "top:3"]
        let result = try Program.run([kind.rawValue, Program.photo, "--format", "json"] + options)
        let library = try ModelLibrary(directories: [Fixtures.root.appendingPathComponent("Models").path])
        let engine = try ExplanationEngine(library: library, pool: ComputePool(threads: 1))
        let given = stride(from: 0, to: options.count, by: 2).map { index in
            GivenOption(name: String(options[index].dropFirst(2)).replacing("-", with: "_"), value: options[index + 1])
        }
        let photo = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        let answer = try engine.answer(ExplanationRequest(kind, options: given), about: .encoded(photo))
        #expect(result.output == AnswerDocument(answer, arrays: .base64).json.encoded())
    }

    @Test func readsTheImageFromStandardInput() throws {
        let photo = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Program.photo)))
        #expect(try Program.run(["predict", "-"], input: photo).text.contains("Egyptian cat"))
    }

    @Test func writesAPictureToAFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("out.png").path
        let result = try Program.run(["deconv", Program.photo, "--layer", "fire9", "-o", path])
        #expect(result.status == 0)
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test(arguments: [
        (["predict"], 64, "image"),
        (["predict", "PHOTO", "--depth", "3"], 64, "--depth"),
        (["predict", "PHOTO", "--top", "0"], 64, "--top"),
        (["predict", "PHOTO", "--top", "1001"], 64, "1000"),
        (["predict", "PHOTO", "--model", "nosuch"], 64, "squeezenet1.1"),
        (["deconv", "PHOTO", "--layer", "conv99"], 64, "conv1"),
        (["deconv", "PHOTO", "--feature-map", "9999"], 64, "511"),
        (["occlusion", "PHOTO", "--patch", "x"], 64, "--patch"),
        (["predict", "PHOTO", "--threads", "0"], 64, "--threads"),
        (["predict", "PHOTO", "--instruction-set", "mmx"], 64, "scalar"),
        (["predict", "/nonexistent.png"], 1, "no such file"),
        (["predict", "PHOTO", "-o", "/nonexistent/x.json"], 1, "cannot write"),
        (["serve", "--listen", "0.0.0.0:0"], 64, "--insecure"),
        (["serve", "--listen", "nowhere"], 64, "nowhere"),
    ])
    func endsWithTheRightStatusAndWords(arguments: [String], status: Int32, words: String) throws {
        let result = try Program.run(arguments.map { $0 == "PHOTO" ? Program.photo : $0 })
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func endsWithOneOnBytesThatAreNoImage() throws {
        let result = try Program.run(["predict", "-"], input: [UInt8]("no image".utf8))
        #expect(result.status == 1)
        #expect(result.errors.contains("JPEG"))
    }

    @Test func describesEveryOptionOfEveryKind() throws {
        for kind in ExplanationKind.allCases {
            let help = try Program.run([kind.rawValue, "--help"])
            #expect(help.status == 0)
            #expect(help.text.contains("EXAMPLES"))
            for option in OptionDefinition.options(of: kind) {
                #expect(help.text.contains(option.flag), "\(kind.rawValue) \(option.flag)")
            }
        }
    }

    @Test func statesItsVersion() throws {
        #expect(try Program.run(["--version"]).text == Version.current + "\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completesInEveryShell(shell: String) throws {
        let result = try Program.run(["--generate-completion-script", shell])
        #expect(result.status == 0 && result.text.contains("occlusion"))
    }

    @Test func listsModelsAndLayers() throws {
        #expect(try Program.run(["models"]).text.contains("squeezenet1.1  (default)"))
        let layers = try Program.run(["models", "fer-mini-xception"]).text
        #expect(layers.contains("max_pooling") && layers.contains("64 × 64"))
    }

    @Test func refusesAnEnvironmentVariableThatMakesNoSense() throws {
        let result = try Program.run(["predict", Program.photo], environment: ["SWITCHBACK_THREADS": "many"])
        #expect(result.status == 1)
        #expect(result.errors.contains("SWITCHBACK_THREADS"))
    }
}
